"""Tie parameters: across components, to each other, or members to members."""

from dataclasses import replace

from derive.errors import ModelError
from derive.language.expr import Expr
from derive.language.family import Family, Symbol
from derive.models.changes.equal import equal_weights
from derive.models.changes.members import bound
from derive.models.changes.naming import renamed
from derive.models.changes.new_symbols import formula_for
from derive.models.changes.replacing import mentioned, parameter, replaced
from derive.models.changes.target import target
from derive.models.changes.values import checked_value
from derive.models.mixture import Mixture
from derive.models.reading import Statement, parse, pointing
from derive.models.reading.linear import equation, numbered
from derive.models.reading.symbols import Symbols


def tie(model: Mixture, what: str, **symbols: Family) -> Mixture:
    """Return the model with a parameter tied.

    what: ``"Sigma"`` (one for all components; of the weights, equal weights), ``"sigma_x2 = sigma_y2"`` or
    ``"s2[k] = 2*r[k]"`` (one parameter in place of another), ``"mu[k] = a + b*k"`` (names that the model does not have
    become new parameters, shared by all components), ``"mu[2] = -mu[1]"`` (members of two components, numbered from 1;
    the others stay free). symbols: declarations of new names, where they are to be known constants, or of a shape or
    domain that the formula does not show: ``tie(model, "mu[k] = B*b[k]", B=Known("B", shape=(D, P)), b=...)``.

    Raises InputError for a text that is not understood, ModelError for shapes and domains that do not fit.
    """
    statement = parse(what)
    if statement.relation == "~":
        raise statement.place.error("this gives a prior; parameters are tied by '='")
    if statement.right is None:
        at = target(model, statement.left)
        if at.number is not None:
            raise statement.left.place.error(f"{at} is tied to what? Write {at} = ...")
        with pointing(statement.left.place):
            return _across(model, parameter(model, at.family))
    if numbered(statement):
        with pointing(statement.left.place):
            family, found = equation(Symbols(model), statement)
            return bound(model, parameter(model, family), found, verb="tied")
    return _by_formula(model, statement, symbols)


def _across(model: Mixture, family: Family) -> Mixture:
    """One value for all components."""
    if model.component not in family.indices:
        raise ModelError(f"{model.name}: {family} is shared by all components already")
    if family == model.weights:
        return equal_weights(model)
    rest = tuple(index for index in family.indices if index != model.component)
    shared = replace(family, indices=rest, bindings=())
    words = f"{family.name} shared by all components"
    return replaced(model, family, shared.symbol, renamed(model, "tied", family.name), words)


def _by_formula(model: Mixture, statement: Statement, symbols: dict[str, Family]) -> Mixture:
    at = target(model, statement.left)
    with pointing(statement.left.place):
        family = parameter(model, at.family)
    right = statement.right
    assert right is not None  # noqa: S101 - for the type checker
    value = formula_for(model, family, right, symbols)
    if mentioned(value, family):
        raise right.place.error(f"{family.name} is set by itself")
    with pointing(right.place):
        value = checked_value(model.name, family, value)
    loose = value.free - set(family.indices) - {model.component}
    if loose:
        raise right.place.error(f"the index {min(loose)} is left free")
    words = f"{family.name} = {value}"
    others = [found.name for found in _families(value) if found in model.families]
    return replaced(model, family, value, renamed(model, "tied", family.name, *others[:1]), words)


def _families(expr: Expr) -> list[Family]:
    own = [expr.family] if isinstance(expr, Symbol) else []
    return [*own, *(family for child in expr.children for family in _families(child))]
