"""Long formulas broken into lines: before an operator, at the outermost level that lets the line fit."""

from collections.abc import Callable
from dataclasses import dataclass

from derive.rendering.layout import SPACE, BigSum, Chain, Delimiter, Fence, Layout, Operator, Product, Row, is_tall
from derive.rendering.text_style import gap_between

NEVER = 1000
LEAST_FILL = 0.45  # of a line, before a break at an outer level is preferred to a fuller line


@dataclass(frozen=True)
class Piece:
    """A part that stays together. cost: of a line break before it; the outer levels are cheap."""

    layout: Layout
    cost: int = NEVER


def broken(
    layout: Layout, width: float, measure: Callable[[Layout], float], *, indent: float = 2.0, first: float | None = None
) -> list[Layout]:
    """Break a formula into lines no wider than ``width``; lines after the first lose ``indent``, the first may differ.

    ``measure`` gives the width of a layout in the caller's unit. What cannot be broken stays on a line of its own.
    """
    room = width if first is None else first
    if measure(layout) <= room:
        return [layout]
    pieces = _pieces(layout, 0, 0.5 * width, measure)
    lines: list[Layout] = []
    while pieces:
        end = len(pieces) if measure(_line(pieces)) <= room else _where(pieces, room, measure)
        lines.append(_line(pieces[:end]))
        pieces, room = pieces[end:], width - indent
    return lines


def _line(pieces: list[Piece]) -> Layout:
    layouts = [piece.layout for piece in pieces]
    while layouts and layouts[-1] == SPACE:
        layouts.pop()
    while layouts and layouts[0] == SPACE:
        layouts.pop(0)
    return Row(tuple(layouts))


def _where(pieces: list[Piece], room: float, measure: Callable[[Layout], float]) -> int:
    places = [i for i, piece in enumerate(pieces) if i and piece.cost < NEVER]
    if not places:
        return len(pieces)
    fitting = [i for i in places if measure(_line(pieces[:i])) <= room]
    if not fitting:
        return places[0]
    filled = [i for i in fitting if measure(_line(pieces[:i])) >= LEAST_FILL * room]
    return min(filled or fitting[-1:], key=lambda i: (pieces[i].cost, -i))


def _pieces(layout: Layout, level: int, most: float, measure: Callable[[Layout], float]) -> list[Piece]:
    """Open everything that is wider than ``most``."""
    match layout:
        case Chain(items):
            pieces = [piece for item in items for piece in _term(item, level, most, measure)]
        case Product(items):
            pieces = []
            for before, item in zip((None, *items), items, strict=False):
                inner = _pieces(item, level + 1, most, measure)
                cost = 10 * level + (6 if isinstance(item, BigSum | Fence) else 9)
                if gap_between(before, item):
                    pieces.append(Piece(SPACE))
                pieces += [Piece(inner[0].layout, cost if before is not None else NEVER), *inner[1:]]
        case Row(items) if measure(layout) > most:
            pieces = [piece for item in items for piece in _pieces(item, level + 1, most, measure)]
        case Fence(bracket, body) if measure(layout) > most:
            tall = is_tall(body)
            inside = _pieces(body, level + 1, most, measure)
            pieces = [
                Piece(Delimiter(bracket, opens=True, tall=tall)),
                *inside,
                Piece(Delimiter(bracket, opens=False, tall=tall)),
            ]
        case _:
            pieces = [Piece(layout)]
    return pieces


def _term(item: Layout, level: int, most: float, measure: Callable[[Layout], float]) -> list[Piece]:
    if isinstance(item, Operator):
        return [Piece(item, 10 * level + (0 if item.relation else 1))]
    return _pieces(item, level, most, measure)
