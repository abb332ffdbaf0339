"""A derivation as plain text for a terminal: number, formula, words and certificate in columns."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from derive.rendering.breaking import broken
from derive.rendering.document import Document, Equation, Part
from derive.rendering.layout import Chain, Layout
from derive.rendering.measure import columns
from derive.rendering.prose import Prose
from derive.rendering.references import described
from derive.rendering.text_style import linear, spelled, text

RELATION = re.compile(r"\S+ [<>=≤≥] \S+")  # stays on one line
KEPT = "\u00a0"
NARROWEST = 40
COLUMNS_FROM = 100  # narrower terminals get words below the formulas
MARGIN = 6
DEEPEST = 18  # the most by which a line is set in under the left side of the line before


@dataclass(frozen=True)
class _Page:
    """Columns: of the whole, and where words and marks start; narrow pages have words below the formulas."""

    width: int
    words: int
    mark: int

    @staticmethod
    def of(document: Document, width: int) -> "_Page":
        equations = [equation for part in document.parts for equation in part.equations]
        mark = width - max((columns(_mark(equation)) for equation in equations), default=0)
        return _Page(width, MARGIN + (mark - MARGIN) * 3 // 5, mark)

    @property
    def stacked(self) -> bool:
        """Whether words stand below the formulas."""
        return self.width < COLUMNS_FROM


def terminal(document: Document, *, width: int = 120) -> str:
    """The whole document, no line wider than ``width`` (at least 40 columns)."""
    page = _Page.of(document, max(width, NARROWEST))
    width = page.width
    lines = [*_spread(document.model, document.headline, width)]
    for part in document.parts:
        lines += ["", *_part(part, page)]
    if document.uses_roots:
        lines += ["", *textwrap.wrap("A^(1/2) is any matrix C with C Cᵀ = A.", width)]
    if any(equation.code for part in document.parts for equation in part.equations):
        lines += ["", "Code", "────", *_code(document, width)]
    if document.works:
        lines += ["", "References", "──────────"]
        for work in document.works:
            lines += textwrap.wrap(described(work), width, subsequent_indent="  ")
    return "\n".join(line.replace(KEPT, " ").rstrip() for line in lines) + "\n"


def plain(words: Prose) -> str:
    """Words with their symbols in Unicode."""
    return "".join(part if isinstance(part, str) else text(part) for part in words)


def _spread(left: str, right: str, width: int) -> list[str]:
    gap = width - columns(left) - columns(right)
    return [left + " " * gap + right] if gap >= 2 else [left, right.rjust(min(width, columns(right)))]


def _part(part: Part, page: _Page) -> Iterator[str]:
    width, title = page.width, plain(part.title)
    yield from textwrap.wrap(title, width)
    yield "─" * min(columns(title), width)
    if part.words:
        yield from textwrap.wrap(plain(part.words), width)
    yield ""
    for chain in part.chains:
        for equation in chain:
            yield from _equation(equation, _inset(chain), page)


def _inset(chain: tuple[Equation, ...]) -> int:
    """How far the lines without a left side are set in: their signs stand below that of the first."""
    left = chain[0].left
    return min(columns(text(left)) + 1, DEEPEST) if left is not None else 2


def _equation(equation: Equation, inset: int, page: _Page) -> Iterator[str]:
    room = page.width - MARGIN
    lead = f"{equation.arrow.text} " if equation.arrow else ""
    lines = _formula(equation, lead, inset, room if page.stacked else page.words - MARGIN - 1)
    if len(lines) > 1:
        lines = _formula(equation, lead, inset, room)
    if equation.boxed:
        lines = _boxed(lines, lead, room)
    head = f"({equation.number})".rjust(MARGIN - 1) + " "
    middle = len(lines) // 2 if equation.boxed else 0
    rows = [(head if i == middle else " " * MARGIN) + line for i, line in enumerate(lines)]
    yield from _below(rows, equation, page.width) if page.stacked else _beside(rows, equation, page)


def _formula(equation: Equation, lead: str, inset: int, room: int) -> list[str]:
    items = equation.whole.items if isinstance(equation.whole, Chain) else (equation.whole,)
    layout = Chain(tuple(linear(item) for item in items))
    prefix = lead if equation.left is not None else " " * inset
    hanging = " " * (columns(prefix) + 4)
    room_behind = room - len(hanging)
    pieces = broken(layout, room_behind, _columns, indent=0, first=room - columns(prefix))
    first, *others = map(_stripped, pieces)
    if columns(first) > room - columns(prefix):  # nothing in it can be parted well: any blank will do
        first, *more = textwrap.wrap(first, room_behind)
        others = [*more, *others]
    return [prefix + first, *(hanging + line for other in others for line in textwrap.wrap(other, room_behind))]


def _columns(layout: Layout) -> int:
    return columns(_stripped(layout))


def _stripped(layout: Layout) -> str:
    return spelled(layout).strip()


def _boxed(lines: list[str], lead: str, room: int) -> list[str]:
    """Put a box around a formula, behind the arrow that leads to it; not where there is no room."""
    bare = [line[len(lead) :] if line.startswith((lead, " " * len(lead))) else line for line in lines]
    wide = max(map(columns, bare))
    if wide + 4 + len(lead) > room:
        return lines
    blank = " " * len(lead)
    inside = [f"{lead if i == 0 else blank}│ {line}{' ' * (wide - columns(line))} │" for i, line in enumerate(bare)]
    return [f"{blank}╭{'─' * (wide + 2)}╮", *inside, f"{blank}╰{'─' * (wide + 2)}╯"]


def _said(equation: Equation) -> str:
    said = plain(equation.words)
    if equation.assumptions:
        said += ("; " if said else "") + "needs " + ", ".join(map(plain, equation.assumptions))
    said += (" — " if said else "") + equation.citation if equation.citation else ""
    return RELATION.sub(lambda match: match.group().replace(" ", KEPT), said)


def _mark(equation: Equation) -> str:
    return ("✓ " if equation.step.certificate else "✗ ") + equation.certificate


def _below(rows: list[str], equation: Equation, width: int) -> Iterator[str]:
    yield from rows
    indent = " " * (MARGIN + 4)
    said = f"{_said(equation)}  {_mark(equation).replace(' ', KEPT)}"
    yield from textwrap.wrap(said, width, initial_indent=indent, subsequent_indent=indent)


def _beside(rows: list[str], equation: Equation, page: _Page) -> Iterator[str]:
    notes = textwrap.wrap(_said(equation), page.mark - page.words - 2) or [""]
    start = next((i for i in range(len(rows) + 1) if all(columns(row) < page.words for row in rows[i:])), len(rows))
    if equation.boxed and len(rows) >= 3 and start == 0:
        start = 1
    for i in range(max(len(rows), start + len(notes))):
        row = rows[i] if i < len(rows) else ""
        if start <= i < start + len(notes):
            row += " " * (page.words - columns(row)) + notes[i - start]
        if i == start:
            row += " " * (page.mark - columns(row)) + _mark(equation)
        yield row


def _code(document: Document, width: int) -> Iterator[str]:
    for part in document.parts:
        for equation in part.equations:
            head = f"({equation.number})".rjust(MARGIN - 1) + " "
            for line in equation.code.text.splitlines() if equation.code else ():
                indent = " " * (len(line) - len(line.lstrip()) + 8)
                for row in textwrap.wrap(line, width - MARGIN, subsequent_indent=indent, drop_whitespace=False):
                    yield head + row
                    head = " " * MARGIN
