"""Rigorous integrals of u^a exp(-b u) over u > 0: numerical quadrature in balls, with a bound for what is cut off.

With u = (m / b) e^s, m = a + 1, the integrand is, but for a factor, exp(-m g(s)) with g(s) = e^s - 1 - s >= 0. It is
log-concave in s: beyond a point it lies below the exponential that touches it there, whose integral bounds the tail.
No formula of the gamma function is used, so that certificates of such formulas do not rest on themselves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from flint import acb, arb, ctx

from derive.errors import StepRefusedError
from derive.language.calculus_nodes import Named
from derive.language.expr import Add, Expr, Mul
from derive.language.family import Symbol
from derive.language.functions import Log
from derive.language.ring import Jet, OutsideDomainError, Scalar, UndecidedError, ball

Valued = Callable[[Expr], Scalar]
SPARE_BITS = 20
DOUBLINGS = 60


class Weight(Enum):
    """What the density is multiplied by in an integral: 1, e^s or s."""

    ONE = "1"
    EXPONENTIAL = "exp(s)"
    LINEAR = "s"


@dataclass(frozen=True)
class Linear:
    """constant + log_part * log(u) + part * u, in numbers."""

    constant: Scalar
    log_part: Scalar
    part: Scalar


def log_integral(body: Expr, over: Symbol, value: Valued) -> arb:
    """Return a ball that holds log of the integral of exp(body); ``value`` evaluates what is free of the variable."""
    found = linear(body, over, value)
    m, b = _shape_and_rate(found)
    return ball(found.constant) + m * (m / b).log() - m + _integral(m, Weight.ONE).log()


def posterior_mean(expr: Expr, body: Expr, over: Symbol, value: Valued) -> arb:
    """Return a ball that holds the mean of an expression that is linear in the variable and its logarithm."""
    m, b = _shape_and_rate(linear(body, over, value))
    wanted, total = linear(expr, over, value), _integral(m, Weight.ONE)
    mean = m / b * _integral(m, Weight.EXPONENTIAL) / total
    mean_log = (m / b).log() + _integral(m, Weight.LINEAR) / total
    return ball(wanted.constant) + ball(wanted.log_part) * mean_log + ball(wanted.part) * mean


def linear(expr: Expr, over: Symbol, value: Valued) -> Linear:
    """Return an expression as a linear function of the variable and its logarithm; StepRefusedError if it is none."""
    if not expr.contains(lambda part: part == over):
        return Linear(value(expr), 0, 0)
    if expr == over:
        return Linear(0, 0, 1)
    if isinstance(expr, Named):
        return linear(expr.definition, over, value)
    if isinstance(expr, Log) and expr.arg == over:
        return Linear(0, 1, 0)
    if isinstance(expr, Add):
        parts = [linear(term, over, value) for term in expr.terms]
        return Linear(sum(p.constant for p in parts), sum(p.log_part for p in parts), sum(p.part for p in parts))
    if isinstance(expr, Mul):
        inside = [factor for factor in expr.factors if factor.contains(lambda part: part == over)]
        if len(inside) == 1:
            found, number = linear(inside[0], over, value), 1
            for factor in expr.factors:
                number = number if factor is inside[0] else number * value(factor)
            return Linear(number * found.constant, number * found.log_part, number * found.part)
    raise StepRefusedError(f"an integral over {over} is evaluated for c + a log({over}) - b {over} only, not {expr}")


def _shape_and_rate(found: Linear) -> tuple[arb, arb]:
    if any(isinstance(part, Jet) for part in (found.constant, found.log_part, found.part)):
        raise StepRefusedError("an integral over a latent variable is not differentiated numerically")
    m, b = ball(found.log_part) + 1, -ball(found.part)
    if m <= 0 or b <= 0:
        raise OutsideDomainError("an integral over a latent variable is infinite")
    if not (m > 0 and b > 0):
        raise UndecidedError
    return m, b


def _integral(m: arb, weight: Weight) -> arb:
    """Return a ball that holds the integral over all s of weight * exp(-m (e^s - 1 - s))."""
    tolerance = arb(2) ** (SPARE_BITS - ctx.prec)
    left, left_tail = _cut(m, weight, -1, tolerance)
    right, right_tail = _cut(m, weight, 1, tolerance)

    def integrand(s: acb, _: bool) -> acb:  # noqa: FBT001 - the signature that python-flint asks for
        density = (-m * (s.exp() - 1 - s)).exp()
        return density * (s.exp() if weight is Weight.EXPONENTIAL else s if weight is Weight.LINEAR else 1)

    inside = acb.integral(integrand, left, right, abs_tol=tolerance, rel_tol=tolerance).real
    if not inside.is_finite():
        raise UndecidedError
    return inside + arb(0, (left_tail + right_tail).upper())


def _cut(m: arb, weight: Weight, side: int, tolerance: arb) -> tuple[arb, arb]:
    """Return where the integral is cut off on a side, and a bound of what lies beyond."""
    reach = arb(1)
    for _ in range(DOUBLINGS):
        s = side * reach
        exponent, slope = -m * (s.exp() - 1 - s), -m * (s.exp() - 1)
        if weight is Weight.EXPONENTIAL:
            exponent, slope = exponent + s, slope + 1
        fall = -side * slope
        if fall > 0:
            tail = exponent.exp() / fall
            tail *= reach + 1 / fall if weight is Weight.LINEAR else 1
            if tail < tolerance:
                return s, tail
        reach = reach * 2 if side < 0 else reach + 1
    raise UndecidedError
