"""How special functions are written: log Γ(x), ψ(x), ψ′(x), log I_ν(κ), cos(x), |x|."""

from collections.abc import Callable

from derive.language.atom import PointMass
from derive.language.expr import Expr, add
from derive.language.indicator import Support
from derive.language.larger import Holds, Larger, Sign, Smaller
from derive.language.special import (
    Absolute,
    Atan2,
    BesselRatio,
    Cos,
    LogBesselI,
    LogGamma,
    PolyGamma,
    Sin,
    SpecialFunction,
)
from derive.rendering.layout import (
    Chain,
    Fence,
    Fraction,
    Glyph,
    Kind,
    Layout,
    Operator,
    Product,
    Row,
    Script,
    function,
)

LOG = function(r"\log", "log")
GAMMA, PSI, BESSEL = Glyph(r"\Gamma", "Γ"), Glyph(r"\psi", "ψ"), Glyph("I", "I")
PRIMED = (PSI, Glyph(r"\psi'", "ψ′"), Glyph(r"\psi''", "ψ″"))
COS, SIN, ATAN2 = function(r"\cos", "cos"), function(r"\sin", "sin"), function(r"\operatorname{atan2}", "atan2")
SIGN = function(r"\operatorname{sgn}", "sgn")
MAX, MIN = function(r"\max", "max"), function(r"\min", "min")
EQUALS = Operator("=", "=", relation=True)
AT_MOST, INDICATOR = Operator(r"\le", "≤", relation=True), Glyph(r"\mathbf{1}", "𝟙")
COMMA, BETWEEN = Glyph(", ", ", ", Kind.SIGN), Operator(",", ",")


def special(expr: SpecialFunction, notation: Callable[[Expr], Layout]) -> Layout:  # noqa: C901 - one case a node
    """Lay out a special function; ``notation`` lays out its arguments."""

    def of(*args: Expr) -> Fence:
        items = [item for arg in args for item in (COMMA, notation(arg))][1:]
        return Fence("(", items[0] if len(items) == 1 else Row(tuple(items)))

    match expr:
        case LogGamma(arg):
            return Product((LOG, Row((GAMMA, of(arg)))))
        case PolyGamma(order, arg):
            return Row((_polygamma(order), of(arg)))
        case LogBesselI(order, arg):
            return Product((LOG, Row((Script(BESSEL, notation(order)), of(arg)))))
        case BesselRatio(order, arg):
            above, below = (Row((Script(BESSEL, notation(at)), of(arg))) for at in (add(order, 1), order))
            return Fraction(above, below)
        case Cos(arg):
            return Row((COS, of(arg)))
        case Sin(arg):
            return Row((SIN, of(arg)))
        case Atan2(y, x):
            return Row((ATAN2, of(y, x)))
        case Absolute(arg):
            return Fence("|", notation(arg))
        case PointMass(value, point):
            condition = Chain((notation(value), EQUALS, notation(point)))
            return Product((LOG, Row((INDICATOR, Fence("[", condition)))))
        case Support(smaller, larger) | Holds(smaller, larger):
            condition = Chain((notation(smaller), AT_MOST, notation(larger)))
            shown = Row((INDICATOR, Fence("[", condition)))
            return Product((LOG, shown)) if isinstance(expr, Support) else shown
        case Sign(arg):
            return Row((SIGN, of(arg)))
        case Larger(first, second) | Smaller(first, second):
            both = Chain((notation(first), BETWEEN, notation(second)))
            return Row((MAX if isinstance(expr, Larger) else MIN, Fence("(", both)))
    raise TypeError(type(expr).__name__)


def _polygamma(order: int) -> Layout:
    if order < len(PRIMED):
        return PRIMED[order]
    raised = str(order).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return Glyph(rf"\psi^{{({order})}}", f"ψ⁽{raised}⁾")
