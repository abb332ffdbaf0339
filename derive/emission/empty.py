"""Which updates are undefined for a component without points."""

from derive.language.expr import Add, Expr, Mul, Power, Word
from derive.language.family import Role, Symbol
from derive.language.functions import Inverse, Sum
from derive.language.root_of import RootOf
from derive.proof.derivation import UpdateEquation


def needs_count(update: UpdateEquation) -> bool:
    """Whether an update divides by, or inverts, what is zero for a component without points."""
    if isinstance(update.value, RootOf):
        return _vanishes(update.value.slope)
    return update.value.contains(
        lambda part: (
            (isinstance(part, Power) and part.exponent < 0 and _vanishes(part.base))
            or (isinstance(part, Inverse) and _vanishes(part.arg))
        )
    )


def _vanishes(expr: Expr) -> bool:
    """Whether an expression is zero where all responsibilities are."""
    match expr:
        case Symbol(family):
            return family.role is Role.RESPONSIBILITY
        case Add(terms):
            return all(map(_vanishes, terms))
        case Mul() | Word():
            return any(map(_vanishes, expr.children))
        case Power(base, exponent):
            return exponent > 0 and _vanishes(base)
        case Sum(_, body):
            return _vanishes(body)
    return False
