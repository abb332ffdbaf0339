"""Equivariance: a density that depends on x_n - mu_k only stays the same where both move by the same amount.

Data far from zero can then be moved near it, the parameter with them, before anything is squared.
"""

from derive.em.functional import is_parameter
from derive.em.ledger import Ledger
from derive.em.names import Names
from derive.em.notation import Notation
from derive.errors import StepRefusedError
from derive.language.expr import add
from derive.language.family import Family, Role, Symbol
from derive.language.rewrite import substitute
from derive.proof.derivation import Statistics, UpdateEquation


def state_shift(ledger: Ledger, notation: Notation, statistics: Statistics, names: Names) -> UpdateEquation | None:
    """Prove that data and location may move together; return what the location becomes, None without a location."""
    model = notation.model
    if len(statistics.origins) != 1:
        return None
    (origin,) = statistics.origins
    location = origin.value
    plates = tuple(index for index in model.data.indices if index != model.sample)
    if not (is_parameter(location) and isinstance(location, Symbol) and location.shape == model.data.shape):
        return None
    if {index.size for index in location.indices} - {model.component.size} != {index.size for index in plates}:
        return None
    amount = Family(names.fresh("c", "o", "b"), Role.KNOWN, plates, model.data.shape, code="origin")
    moved = amount.symbol
    density = substitute(model.log_density, notation.symbol(model.data), add(notation.symbol(model.data), moved))
    density = substitute(density, notation.symbol(location.family), add(location, moved))
    words = f"data and {location.family.name} moved by the same {amount.name}: the density does not change"
    try:
        step = ledger.add(density, model.log_density, "equivariance", words)
    except StepRefusedError:
        return None
    return UpdateEquation(notation.symbol(location.family), add(location, -moved), step.number)
