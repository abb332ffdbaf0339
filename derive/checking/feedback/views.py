"""What the templates of feedback see: finished markup, in which every text of a hand-in is escaped."""

import re
from dataclasses import dataclass
from html import escape

from derive.checking.feedback.clean import clean

_SUBSCRIPT = re.compile(r"(?<![^\W_])([A-Za-zͰ-Ͽ])_(?:([A-Za-z0-9]{1,4})(?![A-Za-z0-9_])|\{([^{}<>&]{1,12})\})")


def safe(text: str) -> str:
    """Any text as markup that shows it."""
    return escape(clean(text))


def said(text: str) -> str:
    """A sentence as markup, its symbols with subscripts: N_k, μ_{k}."""
    return _SUBSCRIPT.sub(lambda found: f"{found[1]}<sub>{found[2] or found[3]}</sub>", safe(text))


@dataclass(frozen=True)
class MarkView:
    """A mark with words: a result, or how many rows have a verdict. name: of the result."""

    state: str
    mark: str
    words: str
    name: str = ""


@dataclass(frozen=True)
class ExampleView:
    """A counter-example: what is given, then both sides."""

    caption: str
    values: tuple[tuple[str, str], ...]
    sides: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class HintView:
    """A part of a hint, which is opened by a click."""

    label: str
    text: str


@dataclass(frozen=True)
class RowView:
    """A row of mathematics with what is said of it."""

    anchor: str
    place: str
    state: str
    mark: str
    words: str
    formula: str
    notes: tuple[str, ...]
    example: ExampleView | None
    hints: tuple[HintView, ...]


@dataclass(frozen=True)
class Piece:
    """A row, or prose."""

    row: RowView | None = None
    prose: str = ""


@dataclass(frozen=True)
class DerivationView:
    """A derivation: its summary, then rows and prose in order."""

    file: str
    state: str
    headline: str
    results: tuple[MarkView, ...]
    lines: tuple[str, ...]
    counts: tuple[MarkView, ...]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class PageView:
    """A page. policy: what the browser may load; the style is allowed by its digest, nothing else is."""

    title: str
    lead: str
    policy: str
    style: str
    sections: tuple[str, ...]
