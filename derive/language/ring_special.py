"""Special functions on exact numbers: rigorous balls, and jets over them to the second derivative.

The derivatives come from power series and recurrences of the functions, not from the rules of differentiation that
certificates check.
"""

from collections.abc import Callable
from math import factorial

from flint import arb, arb_series, fmpq

from derive.errors import StepRefusedError
from derive.language.ring import (
    Jet,
    OutsideDomainError,
    Scalar,
    UndecidedError,
    ball,
    exp,
    log,
    require_positive,
    times,
)


def composed(value: Scalar, derivatives: Callable[[Scalar, int], tuple[Scalar, ...]]) -> Scalar:
    """Return f(value); ``derivatives(x, count)`` gives f(x), f'(x), ..., count of them."""
    if not isinstance(value, Jet):
        return derivatives(value, 1)[0]
    zeroth, first, second = derivatives(value.a, 3)
    curved = times(first, value.c) + times(second, times(value.b, value.b)) / 2
    return Jet(zeroth, times(first, value.b), curved)


def polygamma(order: int, value: Scalar) -> Scalar:
    """Derivative number ``order`` + 1 of log Gamma, for order >= -1, at a positive number."""

    def derivatives(at: Scalar, count: int) -> tuple[Scalar, ...]:
        require_positive(at)
        first = order + 1
        series = arb_series([ball(at), 1], prec=first + count).lgamma()
        return tuple(series[i] * factorial(i) for i in range(first, first + count))

    return composed(value, derivatives)


def loggamma(value: Scalar) -> Scalar:
    """log Gamma of a positive number."""
    return polygamma(-1, value)


def log_bessel_i(order: Scalar, value: Scalar) -> Scalar:
    """log I_v(x) for x > 0."""
    return log(_bessel(order, value, 0)) + (value.a if isinstance(value, Jet) else value)


def bessel_ratio(order: Scalar, value: Scalar) -> Scalar:
    """I_{v+1}(x) / I_v(x) for x > 0."""
    return _bessel(order, value, 1) / _bessel(order, value, 0)


def _bessel(order: Scalar, value: Scalar, shift: int) -> Scalar:
    """Return exp(-x0) I_{v+shift}(x) as a number or jet, scaled at x0, the constant part of x."""
    if isinstance(order, Jet):
        raise StepRefusedError("the order of a Bessel function varies: it is not differentiated in its order")
    wanted = order + shift

    def scaled(at: Scalar, neighbour: int) -> Scalar:
        return ball(at).bessel_i(ball(wanted + neighbour), scaled=True)

    def derivatives(at: Scalar, count: int) -> tuple[Scalar, ...]:
        """I' = (I_{v-1} + I_{v+1}) / 2 (DLMF 10.29.1), and the same once more."""
        require_positive(at)
        here = scaled(at, 0)
        if count == 1:
            return (here,)
        slope = (scaled(at, -1) + scaled(at, 1)) / 2
        return here, slope, (scaled(at, -2) + 2 * here + scaled(at, 2)) / 4

    return composed(value, derivatives)


def cos(value: Scalar) -> Scalar:
    """Cosine."""
    return composed(value, lambda at, _: (ball(at).cos(), -ball(at).sin(), -ball(at).cos()))


def sin(value: Scalar) -> Scalar:
    """Sine."""
    return composed(value, lambda at, _: (ball(at).sin(), ball(at).cos(), -ball(at).sin()))


def atan2(y: Scalar, x: Scalar) -> Scalar:
    """Angle of the point (x, y); its derivative along a curve is (x y' - y x') / (x^2 + y^2)."""
    above, right = Jet.of(y), Jet.of(x)
    if above.a == 0 and right.a == 0:
        raise OutsideDomainError("the origin has no angle")
    angle = arb.atan2(ball(above.a), ball(right.a))
    if not (isinstance(y, Jet) or isinstance(x, Jet)):
        return angle
    squared = right * right + above * above
    turning = times(right.a, above.b) - times(above.a, right.b)
    bending = 2 * (times(right.a, above.c) - times(above.a, right.c))
    slope = turning / squared.a
    return Jet(angle, slope, (bending - times(slope, squared.b)) / squared.a / 2)


def absolute(value: Scalar) -> Scalar:
    """Absolute value; a jet has none at the kink."""
    constant = value.a if isinstance(value, Jet) else value
    if not isinstance(value, Jet):
        return abs(value)
    if constant > 0:
        return value
    if constant < 0:
        return -value
    if isinstance(constant, arb) and not constant.is_exact():
        raise UndecidedError
    raise OutsideDomainError("the absolute value of zero has no derivative")


def larger(first: Scalar, second: Scalar) -> Scalar:
    """The larger of two numbers; of jets that meet, there is no derivative."""
    return first if exceeds(first, second) else second


def smaller(first: Scalar, second: Scalar) -> Scalar:
    """The smaller of two numbers; of jets that meet, there is no derivative."""
    return second if exceeds(first, second) else first


def signum(value: Scalar) -> Scalar:
    """The sign of a number; a jet has none at zero."""
    return fmpq(int(exceeds(value, fmpq(0)))) - fmpq(int(exceeds(fmpq(0), value)))


def holds(first: Scalar, second: Scalar) -> Scalar:
    """1 where the first number is not above the second, else 0."""
    return fmpq(int(not exceeds(first, second)))


def required_positive(value: Scalar) -> Scalar:
    """Return a number that is positive wherever the model has a density; elsewhere raise ZeroDivisionError."""
    if not exceeds(value, fmpq(0)):
        raise ZeroDivisionError("the support is empty: no sample can lie there")
    return value


def exceeds(first: Scalar, second: Scalar) -> bool:
    """Whether one number is larger than another; of jets that meet, this is not known."""
    if first is second:  # a ball does not overlap itself by chance
        return False
    moving = isinstance(first, Jet) or isinstance(second, Jet)
    difference = Jet.of(first).a - Jet.of(second).a
    if isinstance(difference, arb) and difference.contains(0):
        raise UndecidedError
    if moving and difference == 0:
        raise OutsideDomainError("where two numbers meet, which is larger has no derivative")
    return bool(difference > 0)


def symbolic_power(base: Scalar, exponent: Scalar) -> Scalar:
    """base ** exponent = exp(exponent log base) of a positive base."""
    return exp(exponent * log(base))
