"""Sample weights as text: ``frequency``, or ``precision:Sigma``."""

from derive.errors import InputError
from derive.models.changes.target import target
from derive.models.changes.weights import frequency_weights, precision_weights
from derive.models.mixture import Mixture
from derive.models.reading import parse

CODE = "sample_weight"
_LETTERS = ("w", "omega", "w_n")


def weights(model: Mixture, what: str) -> Mixture:
    """Return the model with weights of the samples, which generated functions take as ``sample_weight``.

    what: ``"frequency"`` (row n stands for that many equal samples) or ``"precision:Sigma"`` (the covariance, variance
    or precision of sample n is that of the model divided by its weight, or times it). The two give different updates.
    Raises InputError for any other text, ModelError where such weights have no meaning for the model.
    """
    kind, separator, name = (part.strip() for part in what.partition(":"))
    taken = {family.name for family in model.families}
    letter = next((letter for letter in _LETTERS if letter not in taken), _LETTERS[0])
    if kind == "frequency" and not separator:
        return frequency_weights(model, letter, code=CODE)
    if kind == "precision" and name:
        return precision_weights(model, target(model, parse(name).left).family, letter, code=CODE)
    raise InputError(
        f"{what!r} does not say which weights: 'frequency' counts a row as so many equal ones, 'precision:Sigma' "
        "divides the covariance Sigma of a row by its weight"
    )
