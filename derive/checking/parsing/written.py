"""A document as it was read: prose and rows of mathematics, in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from derive.checking.parsing.tree import Chain


@dataclass(frozen=True)
class Prose:
    """Text between formulas, in one line. line: 1-based line of the source at which it begins; cell: of a notebook."""

    text: str
    line: int
    cell: int | None = None


@dataclass(frozen=True)
class Written:
    r"""One row of mathematics: a line of an aligned display, a display of one line, or a formula inside the text.

    line: 1-based line of the source at which the row begins (of the JSON file for a notebook). latex: as written,
    without the alignment marks and the row's end. chains: what it states, in order; empty where it could not be read:
    then ``problem`` says why, in a sentence, and ``column`` where, 1-based, in ``latex``. display: set on a line of its
    own. group: counts the displays, so that rows of one display share it. A formula that states nothing (a symbol such
    as $\mu_k$ in the text) has one chain with one side and no relation.
    """

    latex: str
    line: int
    chains: tuple[Chain, ...] = ()
    problem: str = ""
    column: int | None = None
    display: bool = True
    group: int = 0
    cell: int | None = None


@dataclass(frozen=True)
class Document:
    """What was read. model, symbols: from the front matter, where there is one; symbols maps LaTeX to a meaning."""

    name: str
    blocks: tuple[Prose | Written, ...]
    model: str = ""
    symbols: Mapping[str, str] = field(default_factory=dict)
