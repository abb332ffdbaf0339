"""Equal weights: 1 / K for every component, with nothing to estimate."""

from dataclasses import replace

from derive.language.functions import Size
from derive.models.changes.naming import described, renamed
from derive.models.mixture import Mixture


def equal_weights(model: Mixture) -> Mixture:
    """Return the model with the weights 1 / K."""
    value = 1 / Size(model.component.size)
    return replace(
        model,
        name=renamed(model, "equal", "weights"),
        summary=described(model, f"equal weights 1/{model.component.size}"),
        weights_value=value,
    )
