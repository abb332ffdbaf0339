"""The toolkit in Python: ``load`` a model, then derive, show, generate, verify."""

from dataclasses import dataclass
from functools import cached_property

from derive.em import derive_em
from derive.models.load import catalogue as catalogue_models
from derive.models.load import load_model
from derive.models.mixture import Mixture
from derive.proof.derivation import Derivation


@dataclass(frozen=True)
class Model:
    """A mixture model with all that can be made of it. Derivation and code are made once, when first asked for.

    spec: as given to ``load``. mixture: the description.
    """

    spec: str
    mixture: Mixture

    @property
    def name(self) -> str:
        """The model's name."""
        return self.mixture.name

    @property
    def summary(self) -> str:
        """One line on what the model is."""
        return self.mixture.summary

    @cached_property
    def _derivation(self) -> Derivation:
        return derive_em(self.mixture)

    def derivation(self) -> Derivation:
        """Return the derivation of EM, every step certified.

        Raises NoClosedFormError where an update cannot be found or shown to be a maximum, with the reason.
        """
        return self._derivation


def catalogue() -> tuple[str, ...]:
    """Names of the models in the catalogue."""
    return tuple(catalogue_models())


def load(spec: str) -> Model:
    """Return a model by its name in the catalogue, or from a file: ``"model.py"`` or ``"model.py:NAME"``.

    Raises InputError for an unknown name or a missing file, ModelError for a description that makes no sense.
    """
    return Model(spec, load_model(spec))
