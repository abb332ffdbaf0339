"""The signs of special functions, powers and known excesses, where the domains of their arguments give one."""

from collections.abc import Callable
from fractions import Fraction

from derive.language.excess import Excess
from derive.language.expr import Expr, add
from derive.language.larger import Holds, Larger, Smaller
from derive.language.special import Absolute, BesselRatio, PolyGamma
from derive.language.symbolic_power import SymbolicPower

Test = Callable[[Expr], bool]
HALF = Fraction(1, 2)


def special_sign(expr: Expr, positive: Test, nonnegative: Test) -> int:
    """Return +1 or -1 for a sign that is known (zero allowed for an absolute value and an excess), 0 for none.

    The derivatives of digamma alternate: (-1)^(m+1) psi^(m)(x) > 0 for m >= 1 and x > 0 (DLMF 5.15.1).
    """
    match expr:
        case Absolute():
            return 1
        case Larger(first, second):
            return int(nonnegative(first) or nonnegative(second))
        case Holds():
            return 1
        case Smaller(first, second):
            return int(nonnegative(first) and nonnegative(second))
        case SymbolicPower(base, _):
            return int(positive(base))
        case PolyGamma(order, arg) if order > 0 and positive(arg):
            return 1 if order % 2 == 1 else -1
        case BesselRatio(order, arg):
            return int(positive(arg) and nonnegative(add(order, HALF)))
        case Excess(_, args):
            known = expr.statement
            holds = known.fits(*args) and all(map(positive, known.positive(*args)))
            return int(holds and all(map(nonnegative, known.nonnegative(*args))))
    return 0
