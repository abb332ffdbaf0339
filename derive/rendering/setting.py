"""Equations set in tall styles: the left sides of a chain in one column, the rest broken into lines that fit."""

from dataclasses import dataclass

from derive.rendering.breaking import broken
from derive.rendering.document import Equation
from derive.rendering.latex_style import unfolded
from derive.rendering.layout import Chain, Layout
from derive.rendering.measure import ems

WIDEST_LEFT = 9.0  # ems; a wider left side takes a line of its own
HANGING = 2.0  # ems by which the lines after the first are set in
ROOM_FOR_BOX = 1.0


@dataclass(frozen=True)
class Line:
    """A line on the page: what stands left of the alignment, what right of it, and whether that is set in."""

    left: Layout | None
    right: Layout
    hanging: bool = False


@dataclass(frozen=True)
class SetEquation:
    """An equation as lines; a boxed one is a single line without a left cell."""

    equation: Equation
    lines: tuple[Line, ...]
    boxed: bool = False


def set_chain(chain: tuple[Equation, ...], width: float) -> tuple[SetEquation, ...]:
    """Break the equations of a chain into lines no wider than ``width`` ems, left column included."""
    lefts = [_left(equation) for equation in chain]
    column = max((ems(left) for left in lefts if left is not None and ems(left) <= WIDEST_LEFT), default=0.0)
    return tuple(_set(equation, left, column, width) for equation, left in zip(chain, lefts, strict=True))


def _left(equation: Equation) -> Layout | None:
    return None if equation.left is None else unfolded(equation.left)


def _set(equation: Equation, left: Layout | None, column: float, width: float) -> SetEquation:
    right = Chain((equation.sign, *_items(unfolded(equation.right))))
    arrow = (equation.arrow,) if equation.arrow else ()
    if equation.boxed and left is not None:
        whole = Chain((left, *right.items))
        if column + ems(whole) + ROOM_FOR_BOX <= width:
            return SetEquation(equation, (Line(Chain(arrow) if arrow else None, whole),), boxed=True)
    room = width - column
    if left is not None and ems(left) > WIDEST_LEFT:
        whole = Chain((*arrow, left, *right.items))
        if ems(whole) <= room:
            return SetEquation(equation, (Line(None, whole),))
        above = broken(Chain((*arrow, left)), room, ems, indent=HANGING)
        below = broken(right, room - HANGING, ems, indent=HANGING)
        lines = [Line(None, line, hanging=i > 0) for i, line in enumerate(above)]
        return SetEquation(equation, (*lines, *(Line(None, line, hanging=True) for line in below)))
    cell = Chain((*arrow, left)) if left is not None else None
    pieces = broken(right, room, ems, indent=HANGING)
    return SetEquation(
        equation, tuple(Line(cell if i == 0 else None, line, hanging=i > 0) for i, line in enumerate(pieces))
    )


def _items(layout: Layout) -> tuple[Layout, ...]:
    return layout.items if isinstance(layout, Chain) else (layout,)
