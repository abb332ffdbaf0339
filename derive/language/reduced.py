"""Exact values of what picks one of several values by their weights, from its definition."""

from functools import reduce

from derive.errors import StepRefusedError
from derive.language.expr import Expr
from derive.language.reductions import Extreme, Quantile
from derive.language.ring import Scalar
from derive.language.ring_special import exceeds, larger, smaller


def reduced(expr: Expr, given: list[tuple[Scalar, ...]]) -> Scalar:
    """Return the value, from those of its children at each member of the plate.

    Raises ZeroDivisionError where no member has weight: there is none in such a world.
    """
    held = [parts for parts in given if exceeds(parts[1], 0)]
    if not held:
        raise ZeroDivisionError("no value has weight")
    if isinstance(expr, Extreme):
        return reduce(larger if expr.largest else smaller, (value for value, _ in held))
    if isinstance(expr, Quantile):
        return _quantile(held)
    raise StepRefusedError(f"no exact value is defined for {type(expr).__name__}")


def _quantile(held: list[tuple[Scalar, ...]]) -> Scalar:
    """The smallest value up to which the share of all weight is at least the level."""
    target = held[0][2] * sum(weight for _, weight, _ in held)
    enough = [
        value
        for value, _, _ in held
        if not exceeds(target, sum(weight for other, weight, _ in held if not exceeds(other, value)))
    ]
    return reduce(smaller, enough)
