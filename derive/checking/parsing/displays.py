r"""The rows of a display: split at \\, without alignment marks, labels and numbers."""

import re
from dataclasses import dataclass

from derive.checking.parsing.segments import DISPLAYS, braces, environments

PART = re.compile(
    r"\\(?P<which>begin|end)\s*\{\s*(?P<name>[A-Za-z]+)\*?\s*\}(?P<option>(?:\s*\[[tbc]\])?)"
    r"|\\(?P<drop>label|tag\*?|intertext|shortintertext)\s*(?=\{)"
    r"|\\(?P<mark>nonumber|notag|displaybreak|allowdisplaybreaks|hline)(?![A-Za-z])"
    r"|(?P<row>\\\\\*?(?:[ \t]*\[[^\]\n\\$&]{0,12}\])?|\\(?:cr|newline|tabularnewline)(?![A-Za-z]))"
    r"|(?P<other>\\.)|(?P<open>\{)|(?P<close>\})|(?P<align>&+)|(?P<comment>%[^\n]*)",
    re.DOTALL,
)
SYSTEM = re.compile(r"\\left\s*\\(?:\{|lbrace)\s*(?=\\begin\s*\{\s*(?:aligned|split|gathered|array)\b)")
SYSTEM_END = re.compile(r"(?<=\})\s*\\right\s*\.")
BOX = re.compile(r"\\(?:boxed|fbox)\s*\{")
BRACKETED = re.compile(r"(?:\\left\s*\S|[(\[]|\\[{|])\s*$")
ARGUMENT = re.compile(r"\s*\{")
WITH_ARGUMENT = frozenset({"alignat", "alignedat", "IEEEeqnarray", "empheq", "array"})


@dataclass
class Line:
    """A row as it is collected. start: offset at which it begins. aligned: an alignment mark comes first."""

    text: str = ""
    start: int | None = None
    aligned: bool = False
    prose: bool = False
    marks: int = 0

    def add(self, piece: str, offset: int) -> None:
        """Add a piece of text that stands at an offset."""
        if self.start is None and piece.strip():
            self.start = offset + len(piece) - len(piece.lstrip())
        if self.start is not None:
            self.text += piece if self.text else piece.lstrip()


def lines_of(text: str, start: int, stop: int) -> list[Line]:
    """Return the rows between two offsets, and the text set between them, in order."""
    content = text[start:stop]
    inside = _boxed(content)
    if inside is not None:
        start, stop = start + inside[0], start + inside[1]
        content = text[start:stop]
    if SYSTEM.search(content):
        content = SYSTEM.sub(lambda found: " " * len(found.group()), content)
        content = SYSTEM_END.sub(lambda found: " " * len(found.group()), content)
    found = _Splitter(content, start).run()
    if inside is not None:
        for line in found:
            line.text = line.text if line.prose else f"\\boxed{{{line.text.strip()}}}"
    return found


def _boxed(content: str) -> tuple[int, int] | None:
    """Return where the contents of a box stand that goes around all rows of a display."""
    shift = len(content) - len(content.lstrip())
    box = BOX.match(content, shift)
    if box is None or "\\begin" not in content:
        return None
    closing = braces(content).get(box.end() - 1)
    return None if closing is None or content[closing + 1 :].strip(" \t\n.,") else (box.end(), closing)


class _Splitter:
    def __init__(self, text: str, shift: int) -> None:
        self.text, self.shift = text, shift
        self.braces, self.environments = braces(text), environments(text)
        self.lines: list[Line] = [Line()]
        self.depth = self.inner = 0  # of braces, and of environments that are parts of a formula
        self.open: list[str] = []  # environments whose rows are rows of the display
        self.place = 0

    def run(self) -> list[Line]:
        while (found := PART.search(self.text, self.place)) is not None:
            self._add(self.place, found.start())
            self.place = found.end()
            self._part(found)
        self._add(self.place, len(self.text))
        return [line for line in self.lines if line.text.strip()]

    def _add(self, start: int, stop: int) -> None:
        if stop > start:
            self.lines[-1].add(self.text[start:stop], start + self.shift)

    def _part(self, found: "re.Match[str]") -> None:
        kind = found.lastgroup
        if kind in {"name", "option"}:
            self._environment(found)
        elif kind == "drop":
            stop = self._group(found.end())
            if "intertext" in found["drop"]:
                offset = found.end() + 1
                self.lines += [Line(self.text[offset : stop - 1], offset + self.shift, prose=True), Line()]
            self.place = stop
        elif kind == "row" and self.depth == self.inner == 0:
            self.lines.append(Line())
        elif kind == "align" and self.depth == self.inner == 0:
            self._align(found)
        elif kind not in {"mark", "comment"}:
            self.depth += (kind == "open") - (kind == "close")
            self._add(found.start(), found.end())

    def _align(self, found: "re.Match[str]") -> None:
        line = self.lines[-1]
        line.aligned = line.aligned or not line.text.strip()
        before = line.marks
        line.marks += len(found.group())
        columns = self.open[-1:] != ["eqnarray"] and self.open[-1:] != ["array"]
        if line.text and columns and line.marks // 2 > before // 2:  # columns of equations
            line.add(" \\quad ", found.start() + self.shift)
        elif line.text and not line.text[-1].isspace():
            line.add(" ", found.start() + self.shift)

    def _environment(self, found: "re.Match[str]") -> None:
        name = found["name"]
        if found["which"] == "end" and self.inner == 0 and self.open[-1:] == [name]:
            self.open.pop()
            return
        if found["which"] == "begin" and self.inner == self.depth == 0 and self._has_rows(name, found.start()):
            self.open.append(name)
            option = ARGUMENT.match(self.text, self.place)
            if name in WITH_ARGUMENT and option is not None:
                self.place = self._group(option.end() - 1)
            return
        self.inner = max(0, self.inner + (1 if found["which"] == "begin" else -1))
        self._add(found.start(), found.end())

    def _has_rows(self, name: str, start: int) -> bool:
        """Whether the rows of an environment are rows of the display; those of an array are if it holds equations."""
        if name != "array":
            return name in DISPLAYS
        end = self.environments.get(start)
        if end is None or BRACKETED.search(self.text[max(0, start - 40) : start]):
            return False
        return "=" in self.text[start : end[0]]

    def _group(self, opening: int) -> int:
        """Return where the group ends that begins here."""
        return self.braces.get(opening, len(self.text) - 1) + 1
