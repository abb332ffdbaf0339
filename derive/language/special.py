"""Special functions of scalars: gamma and its kin, Bessel functions, trigonometric functions, the absolute value.

Numbers such as 5.2.2 are equations of the Digital Library of Mathematical Functions, https://dlmf.nist.gov.
"""

from fractions import Fraction
from typing import ClassVar

from derive.errors import ModelError
from derive.language.expr import Expr, Number, add, as_expr, mul
from derive.language.functions import Constant, Operandlike, Size
from derive.language.tree import node


class SpecialFunction(Expr):
    """A function of scalars that has a name of its own; ``title`` is the name in messages and model files."""

    title: ClassVar[str] = ""


@node
class LogGamma(SpecialFunction):
    """Logarithm of the gamma function of a positive scalar (5.2.1)."""

    arg: Expr
    title = "loggamma"

    def rebuild(self, *children: Expr) -> Expr:
        return loggamma(children[0])


@node
class PolyGamma(SpecialFunction):
    """Derivative number ``order`` of the digamma function of a positive scalar (5.2.2, 5.15.1)."""

    order: int
    arg: Expr

    @property
    def title(self) -> str:  # type: ignore[override]
        """The customary name of the first ones."""
        return {0: "digamma", 1: "trigamma"}.get(self.order, f"polygamma{self.order}")

    def rebuild(self, *children: Expr) -> Expr:
        return polygamma(self.order, children[0])


@node
class LogBesselI(SpecialFunction):
    """Logarithm of I_v(x), the modified Bessel function of the first kind, for x > 0 (10.25.2)."""

    order: Expr
    arg: Expr
    title = "log_bessel_i"

    def rebuild(self, *children: Expr) -> Expr:
        return log_bessel_i(*children)


@node
class BesselRatio(SpecialFunction):
    """The ratio I_{v+1}(x) / I_v(x) for x > 0: the mean resultant length of directional statistics."""

    order: Expr
    arg: Expr
    title = "bessel_ratio"

    def rebuild(self, *children: Expr) -> Expr:
        return bessel_ratio(*children)


@node
class Cos(SpecialFunction):
    """Cosine."""

    arg: Expr
    title = "cos"

    def rebuild(self, *children: Expr) -> Expr:
        return cos(children[0])


@node
class Sin(SpecialFunction):
    """Sine."""

    arg: Expr
    title = "sin"

    def rebuild(self, *children: Expr) -> Expr:
        return sin(children[0])


@node
class Atan2(SpecialFunction):
    """The angle of the point (x, y), in (-pi, pi], from the positive x axis."""

    y: Expr
    x: Expr
    title = "atan2"

    def rebuild(self, *children: Expr) -> Expr:
        return atan2(*children)


@node
class Absolute(SpecialFunction):
    """Absolute value of a scalar."""

    arg: Expr
    title = "absolute"

    def rebuild(self, *children: Expr) -> Expr:
        return absolute(children[0])


def as_scalar(arg: Operandlike, function: str, *, positive: bool = False) -> Expr:
    """Return the argument of a function of scalars; raises ModelError for one that is none."""
    arg = as_expr(arg)
    if not arg.shape.is_scalar:
        raise ModelError(f"{function} takes a scalar, but {arg} is {arg.shape}")
    if positive and isinstance(arg, Number) and arg.value <= 0:
        raise ModelError(f"{function} of {arg.value}: the argument must be positive")
    return arg


def loggamma(arg: Operandlike) -> Expr:
    """log Gamma(x) of a positive scalar; a number is no exception: log 24 stays log Gamma(5)."""
    arg = as_scalar(arg, "loggamma", positive=True)
    return Number(Fraction(0)) if arg in (Number(Fraction(1)), Number(Fraction(2))) else LogGamma(arg)


def polygamma(order: int, arg: Operandlike) -> Expr:
    """Derivative number ``order`` >= 0 of digamma, at a positive scalar."""
    if isinstance(order, bool) or not isinstance(order, int) or order < 0:
        raise ModelError(f"polygamma has the order {order!r}: give a whole number, 0 for digamma and 1 for trigamma")
    return PolyGamma(order, as_scalar(arg, "polygamma", positive=True))


def digamma(arg: Operandlike) -> Expr:
    """psi(x), the derivative of log Gamma(x), at a positive scalar."""
    return polygamma(0, as_scalar(arg, "digamma", positive=True))


def trigamma(arg: Operandlike) -> Expr:
    """psi'(x), the second derivative of log Gamma(x), at a positive scalar."""
    return polygamma(1, as_scalar(arg, "trigamma", positive=True))


def log_factorial(arg: Operandlike) -> Expr:
    """log x! = log Gamma(x + 1), for x > -1."""
    return loggamma(add(as_scalar(arg, "log_factorial"), 1))


def log_binomial(above: Operandlike, below: Operandlike) -> Expr:
    """Logarithm of the binomial coefficient: log of above! / (below! (above - below)!)."""
    above, below = as_scalar(above, "log_binomial"), as_scalar(below, "log_binomial")
    rest = add(above, mul(-1, below))
    return add(log_factorial(above), mul(-1, log_factorial(below)), mul(-1, log_factorial(rest)))


def log_beta(first: Operandlike, second: Operandlike) -> Expr:
    """log B(a, b) = log Gamma(a) + log Gamma(b) - log Gamma(a + b) of two positive scalars (5.12.1)."""
    first, second = as_scalar(first, "log_beta", positive=True), as_scalar(second, "log_beta", positive=True)
    return add(loggamma(first), loggamma(second), mul(-1, loggamma(add(first, second))))


def log_bessel_i(order: Operandlike, arg: Operandlike) -> Expr:
    """log I_v(x) for x > 0; the order v is a number, a size or a known constant, such as D / 2 - 1."""
    return LogBesselI(_order(order, "log_bessel_i"), as_scalar(arg, "log_bessel_i", positive=True))


def bessel_ratio(order: Operandlike, arg: Operandlike) -> Expr:
    """I_{v+1}(x) / I_v(x) for x > 0; the order v is a number, a size or a known constant."""
    return BesselRatio(_order(order, "bessel_ratio"), as_scalar(arg, "bessel_ratio", positive=True))


def _order(order: Operandlike, function: str) -> Expr:
    order = as_scalar(order, function)
    if order.free:
        raise ModelError(f"{function} has the order {order}: it must be the same for all samples and components")
    return order


def cos(arg: Operandlike) -> Expr:
    """Cosine of an angle in radians."""
    arg = as_scalar(arg, "cos")
    return Number(Fraction(1)) if arg == Number(Fraction(0)) else Cos(arg)


def sin(arg: Operandlike) -> Expr:
    """Sine of an angle in radians."""
    arg = as_scalar(arg, "sin")
    return arg if arg == Number(Fraction(0)) else Sin(arg)


def atan2(y: Operandlike, x: Operandlike) -> Expr:
    """Return the angle of the point (x, y) in radians, in (-pi, pi]; the ordinate comes first, as everywhere."""
    return Atan2(as_scalar(y, "atan2"), as_scalar(x, "atan2"))


def absolute(arg: Operandlike) -> Expr:
    """Absolute value of a scalar; where it has a kink, setting a derivative to zero is not valid."""
    arg = as_scalar(arg, "absolute")
    if isinstance(arg, Number):
        return Number(abs(arg.value))
    return arg if arg.positive or isinstance(arg, Size | Constant | Absolute) else Absolute(arg)
