"""Names in code for statistics, by what they sum: counts, sums, scatters, log_sums."""

from derive.language.expr import Expr, Mul, Power, Transpose, Word
from derive.language.family import Role, Symbol
from derive.language.functions import DiagonalPart, Log, Sum, Trace
from derive.language.rewrite import factors


def code_of(core: Expr, taken: set[str]) -> str:
    """Return a name that is not taken, from what is summed over the samples with the responsibilities' weight."""
    base = _word(_unweighted(core))
    number, name = 2, base
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    return name


def _unweighted(core: Expr) -> Expr | None:
    """What the responsibilities weigh; None for nothing else."""
    while isinstance(core, Sum):
        core = core.body
    rest = [factor for factor in factors(core) if not _is_weight(factor)]
    if not rest:
        return None
    return rest[0] if len(rest) == 1 else Mul(tuple(rest))


def _is_weight(expr: Expr) -> bool:
    return isinstance(expr, Symbol) and expr.family.role is Role.RESPONSIBILITY


def _word(expr: Expr | None) -> str:
    match expr:
        case None:
            return "counts"
        case Symbol(family, _):
            return "sums" if family.role is Role.DATA else f"{family.code}_sums"
        case DiagonalPart(arg) | Trace(arg):
            return _word(arg)
        case Sum(_, body):
            return _word(body)
        case Word((first, second)) if first in (second, second.transposed()):
            return _square(first)
        case Power(base, exponent) if exponent == 2:
            return _square(base)
        case Power(_, exponent) if exponent == -1:
            return "reciprocal_sums"
        case Log():
            return "log_sums"
        case Mul() | Word():
            return "products"
    return "moments"


def _square(base: Expr) -> str:
    inner = base.arg if isinstance(base, Transpose) else base
    if isinstance(inner, Symbol) and inner.family.definition is not None:
        return "scatters"
    return "squares" if isinstance(inner, Symbol) and inner.family.role is Role.DATA else "products"
