"""Fix a parameter: it becomes a known constant of the same name, or a constant in the formula."""

from dataclasses import replace
from fractions import Fraction

from derive.errors import ModelError
from derive.language.expr import Expr, Number, Zero
from derive.language.family import Family, Role
from derive.language.functions import Size
from derive.models.changes.equal import equal_weights
from derive.models.changes.members import bound, check_settable
from derive.models.changes.naming import renamed
from derive.models.changes.replacing import parameter, replaced
from derive.models.changes.target import Target, target
from derive.models.changes.values import Value, checked_value
from derive.models.mixture import Mixture
from derive.models.reading import Name, Node, parse, pointing
from derive.models.reading.linear import Equation
from derive.models.reading.symbols import Symbols, names_in


def fix(model: Mixture, what: str, value: Value | None = None) -> Mixture:
    """Return the model with a parameter, or one component's member of it, held fixed.

    what: ``"Sigma"`` (a known constant, given to every generated function as a keyword argument of its name in code),
    ``"mu = 0"`` (this value in the formula), ``"mu[2] = 0"`` (that of component 2, numbered from 1; the others stay
    free), ``"mu[2] = m"`` or ``"mu[2]"`` (a known constant m, or mu_2), ``"Sigma[1] = 2*I"``, ``"pi = 1/K"`` (equal
    weights). Numbers are exact: 0.1 is one tenth.
    value: in place of the right side: a whole number, a Fraction, or a formula.

    Raises InputError for a text that is not understood, ModelError for a value of another shape or outside of the
    domain, for data, and where nothing would be left to estimate.
    """
    statement = parse(what)
    with pointing(statement.left.place):
        at = target(model, statement.left)
        family = parameter(model, at.family)
    if statement.relation == "~":
        raise statement.place.error("this gives a prior; a parameter is fixed by '='")
    if statement.right is not None:
        if value is not None:
            raise ModelError(f"{what!r} gives a value, and {value} is another one: give one of them")
        value = _given(model, family, statement.right)
    with pointing((statement.right or statement.left).place):
        return _fixed(model, at, family, value)


def _fixed(model: Mixture, at: Target, family: Family, value: Value | None) -> Mixture:
    if at.number is not None:
        return _member_fixed(model, at, value)
    if value is None:
        return _known(model, family)
    if family == model.weights and value == 1 / Size(model.component.size):
        return equal_weights(model)
    return _constant(model, family, value)


def _known(model: Mixture, family: Family) -> Mixture:
    known = replace(family, role=Role.KNOWN, bindings=())
    return replaced(model, family, known.symbol, renamed(model, "fixed", family.name), f"{family.name} known")


def _constant(model: Mixture, family: Family, given: Value) -> Mixture:
    if family == model.weights:
        raise ModelError(
            f"{model.name}: the weights {family} can be fixed at 1/{model.component.size}, or without a value, which "
            "makes them known"
        )
    value = checked_value(model.name, family, given)
    what = [family.name, value] if isinstance(value, Number | Zero) else [family.name]
    return replaced(model, family, value, renamed(model, "fixed", *what), f"{family.name} = {value} fixed")


def _member_fixed(model: Mixture, at: Target, value: Value | None) -> Mixture:
    check_settable(model, at.family)
    if value is None:
        value = _constant_of(at.family, f"{at.family.name}_{at.number}", f"{at.family.code}_{at.number}").symbol
    constant = checked_value(model.name, at.family, value)
    assert at.number is not None  # noqa: S101 - for the type checker
    return bound(model, at.family, Equation({at.number: Fraction(-1)}, constant), verb="fixed")


def _given(model: Mixture, family: Family, right: Node) -> Expr:
    """Return the value on the right side; a new name becomes a known constant of the parameter's kind.

    Parameters are refused: those are ties.
    """
    symbols = Symbols(model, family.domain.side)
    for name, place, _ in names_in(right):
        found = symbols.families.get(symbols.spelled(name))
        if found is not None and found.role is Role.PARAMETER:
            raise place.error(f"{name} is a parameter, not a value; to set one parameter by another, tie them")
    if isinstance(right, Name) and not symbols.is_known(right.name):
        symbols.check_spelling(right.name, right.place)
        return _constant_of(family, right.name, right.name).symbol
    return symbols.expression(right)


def _constant_of(family: Family, name: str, code: str) -> Family:
    """A known constant that can stand in the place of a member, of whichever component."""
    return Family(name, Role.KNOWN, family.indices[1:], family.shape, family.domain, "", code)
