"""Rigorous location of a root: signs of balls bracket it, bisection and Newton's method narrow it, signs confirm it."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from flint import arb, ctx, fmpq

from derive.language.domain import Domain
from derive.language.ring import Jet, Scalar, UndecidedError, ball

Function = Callable[[Scalar], Scalar]
REACH = 200  # the bracket is looked for between 2^-REACH and 2^REACH
BISECTIONS, STEPS = 12, 400
SPARE_BITS = 24


class NoRootError(ZeroDivisionError):
    """The function has one sign on the whole domain: in this world there is no root."""


def locate_root(function: Function, domain: Domain) -> arb:
    """Return a ball that holds a root of a function between two points at which its signs are proved to differ.

    Raises NoRootError where no change of sign is found, UndecidedError where the precision does not settle a sign.
    """
    low, high, falling = _bracket(function, domain)
    for _ in range(BISECTIONS):
        middle = _between(low, high)
        if (_sign(function, middle) > 0) == falling:
            low = middle
        else:
            high = middle
    return _enclosed(function, _narrowed(function, ball(low).mid(), ball(high).mid(), falling), falling)


def _narrowed(function: Function, low: arb, high: arb, falling: bool) -> arb:  # noqa: FBT001 - which way the signs go
    """Newton's method inside of the bracket; where its steps do not shrink, the bracket is halved."""
    point, before = ((low + high) / 2).mid(), high - low
    for _ in range(STEPS):
        jet = Jet.of(function(Jet(point, fmpq(1), fmpq(0))))
        value, slope = ball(jet.a), ball(jet.b)
        if value.contains(0):
            break
        low, high = (point, high) if (value > 0) == falling else (low, point)
        moved = (point - value / slope).mid()
        if not (low < moved < high) or abs(moved - point) > before / 2:
            moved = ((low + high) / 2).mid()
        point, before = moved, abs(moved - point)
        if before < abs(point) * arb(2) ** (-ctx.prec):
            break
    return point


def _enclosed(function: Function, point: arb, falling: bool) -> arb:  # noqa: FBT001 - which way the signs go
    """A ball around the point, as small as the signs at its ends allow."""
    scale = max(abs(point), arb(2) ** -REACH, key=float)
    for bits in range(ctx.prec - SPARE_BITS, SPARE_BITS, -8):
        radius = (scale * arb(2) ** -bits).mid()
        try:
            left, right = _sign(function, point - radius), _sign(function, point + radius)
        except UndecidedError:
            continue
        if (left > 0) == falling and left != right:
            return arb(point, radius)
    raise UndecidedError


def _bracket(function: Function, domain: Domain) -> tuple[fmpq, fmpq, bool]:
    """Two points with a change of sign between them, and whether it is from plus to minus."""
    points = _points(domain)
    seen = [(point, _sign(function, point)) for point in (next(points), next(points))]
    for point in points:
        seen.append((point, _sign(function, point)))
        seen.sort()
        for (low, first), (high, second) in pairwise(seen):
            if first != second:
                return low, high, first > 0
    raise NoRootError("no change of sign: the equation has no solution in its domain")


def _points(domain: Domain) -> Iterator[fmpq]:
    """Points of a scalar domain, from its middle towards its ends."""
    if domain.below_one:
        yield from (
            fmpq(1, 2),
            *(end for step in range(2, REACH, 3) for end in (fmpq(1, 2**step), 1 - fmpq(1, 2**step))),
        )
        return
    yield fmpq(1) if domain.positive else fmpq(0)
    step = 1
    while step <= REACH:
        power = fmpq(2) ** step
        yield from (power, 1 / power) if domain.positive else (power, -power)
        step = step + 1 if step < 8 else step * 2


def _between(low: fmpq, high: fmpq) -> fmpq:
    """The middle; of two positive points far apart, a point between them by orders of magnitude."""
    if low > 0 and high / low > 4:
        whole = round(float((ball(low) * ball(high)).sqrt().mid()) * 64)
        found = fmpq(whole, 64)
        if low < found < high:
            return found
    return (low + high) / 2


def _sign(function: Function, point: Scalar) -> int:
    value = function(point)
    value = value.a if isinstance(value, Jet) else value
    if value > 0:
        return 1
    if value < 0:
        return -1
    if isinstance(value, fmpq):
        return 0
    raise UndecidedError
