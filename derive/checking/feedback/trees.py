"""Which tree belongs to which row of the feedback."""

from collections.abc import Callable, Mapping

from derive.checking.derivations.outcome import Row
from derive.checking.parsing.problems import ReadingError
from derive.checking.parsing.statements import parse_row
from derive.checking.parsing.tree import Chain
from derive.checking.parsing.written import Document, Written

Place = tuple[int | None, int, str]
Trees = Mapping[Place, tuple[Chain, ...]]


def trees(document: Document | None) -> Trees:
    """What each row of a document states, by its cell, line and LaTeX."""
    blocks = document.blocks if document is not None else ()
    return {place(block): block.chains for block in blocks if isinstance(block, Written)}


def of_latex(latex: str, write: Callable[[tuple[Chain, ...]], str]) -> str:
    """A formula of our own, such as a symbol or a solution, as a writer shows it; "" where it cannot be read."""
    try:
        return write(parse_row(latex))
    except (ReadingError, RecursionError):
        return ""


def place(row: Row | Written) -> Place:
    """Where a row stands."""
    return row.cell, row.line, row.latex


def shown(row: Row | Written, known: Trees, write: Callable[[tuple[Chain, ...]], str]) -> str:
    """A row as a writer shows its tree; "" where it was not read, or is nested too deeply to be shown."""
    stated = known.get(place(row), ())
    try:
        return write(stated) if stated else ""
    except RecursionError:
        return ""
