"""Exact values of special functions, from the exact values of their arguments."""

from collections.abc import Callable

from derive.language import ring_special as values
from derive.language.expr import Expr
from derive.language.larger import Holds, Larger, Sign, Smaller
from derive.language.ring import Scalar
from derive.language.special import Absolute, Atan2, BesselRatio, Cos, LogBesselI, LogGamma, PolyGamma, Sin
from derive.language.symbolic_power import SymbolicPower

FUNCTIONS: dict[type[Expr], Callable[..., Scalar]] = {
    LogGamma: values.loggamma,
    LogBesselI: values.log_bessel_i,
    BesselRatio: values.bessel_ratio,
    Cos: values.cos,
    Sin: values.sin,
    Atan2: values.atan2,
    Absolute: values.absolute,
    Larger: values.larger,
    Smaller: values.smaller,
    Sign: values.signum,
    Holds: values.holds,
    SymbolicPower: values.symbolic_power,
}


def special_value(expr: Expr, arguments: tuple[Scalar, ...]) -> Scalar:
    """Return the value of a special function, or of a power with a formula as exponent, at its arguments."""
    if isinstance(expr, PolyGamma):
        return values.polygamma(expr.order, arguments[0])
    return FUNCTIONS[type(expr)](*arguments)
