"""Documents: from a file or a text to prose and rows of mathematics."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from derive.checking.parsing import markdown, tex
from derive.checking.parsing.definitions import Definition, definitions, with_environments
from derive.checking.parsing.displays import Line, lines_of
from derive.checking.parsing.front_matter import front_comments, front_matter
from derive.checking.parsing.limits import (
    MOST_BYTES,
    MOST_DISPLAY,
    MOST_LINES,
    MOST_MATHEMATICS,
    MOST_NOTEBOOK_BYTES,
    MOST_PIECES,
)
from derive.checking.parsing.macros import Macro
from derive.checking.parsing.notebook import markdown_cells
from derive.checking.parsing.prose import paragraphs
from derive.checking.parsing.rows import Read, read_row, read_rows
from derive.checking.parsing.segments import Lines, Segment
from derive.checking.parsing.written import Document, Prose, Written
from derive.errors import InputError

Kind = Literal["markdown", "latex", "notebook"]
KINDS: dict[str, Kind] = {".tex": "latex", ".latex": "latex", ".ltx": "latex", ".ipynb": "notebook"}
MOST_SHOWN = 2_000
BROKEN = "(The file is not valid UTF-8: what could not be decoded is shown as \ufffd.)"


def read_document(path: Path) -> Document:
    """Read a hand-in: LaTeX (.tex), a notebook (.ipynb), Markdown otherwise.

    Raises InputError for a file that is missing, a directory, too large, or a notebook that is none.
    """
    kind = KINDS.get(path.suffix.lower(), "markdown")
    most = MOST_NOTEBOOK_BYTES if kind == "notebook" else MOST_BYTES  # notebooks carry pictures
    try:
        if path.is_dir():
            raise InputError(f"{path} is a directory; name a Markdown, LaTeX or notebook file")
        if path.stat().st_size > most:
            raise InputError(f"{path} is larger than {most // 1_000_000} MB")
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    text = raw.decode("utf-8", errors="replace")
    document = read_text(text, kind, str(path))
    if "\ufffd" in text and "\ufffd".encode() not in raw:
        document = replace(document, blocks=(Prose(BROKEN, 1), *document.blocks))
    return document


def read_text(text: str, kind: Kind, name: str) -> Document:
    """Read a text. name: how the document is called in messages.

    Raises InputError for one that is too large, or a notebook that is none.
    """
    most = MOST_NOTEBOOK_BYTES if kind == "notebook" else MOST_BYTES
    if len(text) > most:
        raise InputError(f"{name} is larger than {most // 1_000_000} MB")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", " ")
    reader = _Reader()
    if kind == "notebook":
        for number, cell, lines in markdown_cells(text, name):
            reader.read(cell, "markdown", _CellLines(lines), number)
    else:
        reader.read(text, kind, Lines(text), None)
    return Document(name, tuple(reader.blocks), reader.model, reader.symbols)


class _CellLines(Lines):
    """The lines of a cell, as lines of the notebook's file."""

    def __init__(self, parts: Sequence[tuple[int, int]]) -> None:
        """parts: (offset in the cell, line of the file), in order."""
        self.starts = [offset for offset, _ in parts]
        self.numbers = [number for _, number in parts]

    def line(self, offset: int) -> int:
        return self.numbers[super().line(offset) - 1]


@dataclass
class _Reader:
    blocks: list[Prose | Written] = field(default_factory=list)
    model: str = ""
    symbols: dict[str, str] = field(default_factory=dict)
    macros: dict[str, Macro] = field(default_factory=dict)
    group: int = 0
    size: int = 0
    formulas: int = 0  # characters of mathematics
    pieces: int = 0
    finished: bool = False

    def read(self, text: str, kind: Kind, lines: Lines, cell: int | None) -> None:
        self.size += len(text)
        if self.size > MOST_BYTES or text.count("\n") > MOST_LINES:
            raise InputError(f"more than {MOST_BYTES // 1_000_000} MB of text, or more than {MOST_LINES} lines")
        if not self.blocks:
            front = front_comments(text) if kind == "latex" else front_matter(text)
            self.model, self.symbols = self.model or front.model, {**self.symbols, **front.symbols}
            head = text.split("\n", front.lines)
            text = "\n".join([" " * len(line) for line in head[: front.lines]] + head[front.lines :])
        found, text = definitions(text)
        if kind == "latex" and (expanded := with_environments(text, found)) != text:
            text, lines = expanded, Lines(expanded)
        clean = tex.cleaned(text) if kind == "latex" else markdown.cleaned(text)
        pieces = tex.segments(clean) if kind == "latex" else markdown.segments(clean)
        waiting = list(reversed(found))
        for piece in pieces:
            if self.finished:
                break
            while waiting and waiting[-1].start < piece.stop:
                self._define(waiting.pop())
            self._piece(clean, piece, lines, cell)

    def _define(self, definition: Definition) -> None:
        self.macros[definition.name] = definition.macro

    def _piece(self, text: str, piece: Segment, lines: Lines, cell: int | None) -> None:
        if piece.kind == "prose":
            for offset, said in paragraphs(text[piece.start : piece.stop]):
                self.blocks.append(Prose(said, lines.line(piece.start + offset), cell))
            return
        self.group += 1
        self.pieces += 1
        self.formulas += piece.stop - piece.start
        if self.formulas > MOST_MATHEMATICS or self.pieces > MOST_PIECES:
            problem = f"more than {MOST_MATHEMATICS // 1000} kB of mathematics: from here on nothing is read"
            self.blocks.append(Written("", lines.line(piece.start), (), problem, 1, group=self.group, cell=cell))
            self.finished = True
            return
        display = piece.kind == "display" or _alone(text, piece)
        for row in self._rows(text, piece, display=display):
            line = lines.line(row.start)
            if row.prose:
                self.blocks += [Prose(said, line, cell) for _, said in paragraphs(row.latex)]
            elif row.chains or row.problem:
                self.blocks.append(
                    Written(row.latex, line, row.chains, row.problem, row.column, display, self.group, cell)
                )

    def _rows(self, text: str, piece: Segment, *, display: bool) -> Iterator[Read]:
        content = text[piece.start : piece.stop]
        if not content.strip():
            return
        begin = piece.start + len(content) - len(content.lstrip())
        if piece.problem or len(content) > MOST_DISPLAY:
            problem = piece.problem or f"a display of more than {MOST_DISPLAY // 1000} kB"
            yield Read(content.strip()[:MOST_SHOWN], begin, (), problem, 1)
        elif display or "\\begin" in content or "\\\\" in content:
            lines: list[Line] = lines_of(text, piece.start, piece.stop)
            yield from read_rows(lines, self.macros, whole="\\begin{multline" in content)
        else:
            yield read_row(content.strip(), begin, self.macros)


def _alone(text: str, piece: Segment) -> bool:
    """Whether a formula inside the text stands alone on its line."""
    near = max(0, piece.start - 80)
    before = text[max(near, text.rfind("\n", near, piece.start) + 1) : piece.start].rstrip("$\\(").strip(" \t>-*")
    far = min(len(text), piece.stop + 80)
    end = text.find("\n", piece.stop, far)
    after = text[piece.stop : far if end < 0 else end].lstrip("$\\)").strip(" \t.,;\\")
    return not before and not after
