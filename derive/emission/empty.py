"""Which updates are undefined for a component without points."""

from derive.language.expr import Add, Expr, Mul, Power, Word
from derive.language.family import Role, Symbol
from derive.language.functions import Inverse, Sum
from derive.language.index import Index
from derive.language.joint import JointRoot
from derive.language.reductions import Reduction
from derive.language.root_of import RootOf
from derive.proof.derivation import UpdateEquation


def needs_count(update: UpdateEquation) -> bool:
    """Whether an update divides by, or inverts, what is zero for a component without points."""
    if isinstance(update.value, RootOf):
        return _vanishes(update.value.slope)
    if isinstance(update.value, JointRoot):
        return all(map(_vanishes, update.value.slopes))
    return update.value.contains(
        lambda part: (
            (isinstance(part, Reduction) and _vanishes(part.weight))
            or (isinstance(part, Power) and part.exponent < 0 and _vanishes(part.base))
            or (isinstance(part, Inverse) and _vanishes(part.arg))
        )
    )


def _vanishes(expr: Expr) -> bool:
    """Whether an expression is zero where all responsibilities are."""
    match expr:
        case Symbol(family) if family.definition is not None:
            return _vanishes(family.definition)
        case Symbol(family):
            return family.role is Role.RESPONSIBILITY
        case Add(terms):
            return all(map(_vanishes, terms))
        case Mul() | Word():
            return any(map(_vanishes, expr.children))
        case Power(base, exponent):
            return exponent > 0 and _vanishes(base)
        case Sum(index, body):
            return _vanishes(body) and not body.contains(lambda part: _is_statistic_at(part, index))
    return False


def _is_statistic_at(part: Expr, index: Index) -> bool:
    """Whether a node is a statistic of the component that is summed over: one without points takes little away."""
    return isinstance(part, Symbol) and part.family.role is Role.STATISTIC and index in part.indices


def undefined(numbers: list[int]) -> str:
    """Return the words on updates, by the numbers of their equations, that have no value."""
    listed = ", ".join(f"({number})" for number in numbers[:-1])
    listed += (" and " if listed else "") + f"({numbers[-1]})"
    return f"its update {listed} is undefined" if len(numbers) == 1 else f"its updates {listed} are undefined"
