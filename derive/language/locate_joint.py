"""Rigorous location of a joint root: Newton's method, then a box that Krawczyk's operator maps into itself.

Such a box holds one root exactly (Krawczyk 1969; Moore, Kearfott and Cloud 2009, theorem 8.2).
"""

from collections.abc import Callable, Sequence

from flint import arb, ctx, fmpq

from derive.language import ring
from derive.language.locate import NoRootError
from derive.language.ring import Jet, Scalar, UndecidedError, ball

Function = Callable[[Sequence[Scalar]], Sequence[Scalar]]
STEPS, HALVINGS = 60, 40


def locate_joint_root(function: Function, positive: Sequence[bool]) -> list[arb]:
    """Return balls that hold the root of a gradient; raises NoRootError where Newton's method finds none."""
    point = [arb(1) if sign else arb(0) for sign in positive]
    for _ in range(STEPS):
        values, slopes = _linear(function, point)
        if not all(value.is_finite() for value in values):
            raise NoRootError("no root: Newton's method left the domain")
        step = _times(ring.eliminate(slopes)[0], values)
        moved = _halved(function, point, step, positive, _norm(values))
        small = all(abs(s) <= (1 + abs(p)) * arb(2) ** (-ctx.prec * 3 // 4) for s, p in zip(step, point, strict=True))
        point = moved
        if small:
            return _enclosed(function, point)
    raise NoRootError("no root: Newton's method does not settle")


def _halved(function: Function, point: list[arb], step: list[arb], positive: Sequence[bool], before: arb) -> list[arb]:
    """Go along the step as far as the domain and a smaller gradient allow."""
    size = arb(1)
    for _ in range(HALVINGS):
        moved = [(p - size * s).mid() for p, s in zip(point, step, strict=True)]
        if all(m > 0 for m, sign in zip(moved, positive, strict=True) if sign):
            after = _norm([ball(value) for value in function(moved)])
            if after <= before * (1 - size / 1024) or before < arb(2) ** -ctx.prec:
                return moved
        size = size / 2
    return [(p - s).mid() for p, s in zip(point, step, strict=True)] if before < arb(2) ** (-ctx.prec // 2) else point


def _enclosed(function: Function, point: list[arb]) -> list[arb]:
    """Krawczyk's operator on a small box around the point."""
    values, slopes = _linear(function, point)
    inverse = ring.eliminate(tuple(tuple(entry.mid() for entry in row) for row in slopes))[0]
    inverse = tuple(tuple(ball(entry).mid() for entry in row) for row in inverse)
    correction = _times(inverse, values)
    scale = max((abs(p) for p in point), key=float)
    for bits in range(ctx.prec * 5 // 8, 40, -16):
        radius = (scale * arb(2) ** -bits).mid()
        box = [arb(p, radius) for p in point]
        _, over = _linear(function, box)
        contraction = ring.matmul(inverse, over)
        offsets = [arb(0, radius)] * len(point)
        kept = [
            sum(((fmpq(int(i == j)) - contraction[i][j]) * offsets[j] for j in range(len(point))), arb(0))
            for i in range(len(point))
        ]
        mapped = [p - c + k for p, c, k in zip(point, correction, kept, strict=True)]
        if all(b.contains_interior(m) for b, m in zip(box, mapped, strict=True)):
            return mapped
    raise UndecidedError


def _linear(function: Function, point: Sequence[Scalar]) -> tuple[list[arb], ring.Matrix]:
    """Values and Jacobian matrix, by dual numbers."""
    columns, values = [], [ball(value) for value in function(point)]
    for j in range(len(point)):
        moved = [Jet(p, fmpq(int(i == j)), ring.ZERO) for i, p in enumerate(point)]
        columns.append([ball(Jet.of(value).b) for value in function(moved)])
    return values, tuple(zip(*columns, strict=True))


def _times(matrix: ring.Matrix, vector: Sequence[Scalar]) -> list[arb]:
    return [ball(sum((a * b for a, b in zip(row, vector, strict=True)), arb(0))) for row in matrix]


def _norm(values: Sequence[arb]) -> arb:
    """The sum of absolute values: a ball around zero has one, where its square has no root for lack of a sign."""
    return sum((abs(value) for value in values), arb(0)).mid()
