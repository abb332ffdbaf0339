r"""The rows of a display: split at \\, without alignment marks, labels and numbers."""

import re
from dataclasses import dataclass

from derive.checking.parsing.segments import DISPLAYS

PART = re.compile(
    r"\\(?P<which>begin|end)\s*\{\s*(?P<name>[A-Za-z]+)\*?\s*\}(?P<option>(?:\s*\[[tbc]\])?)"
    r"|\\(?P<drop>label|tag\*?|intertext|shortintertext)\s*(?=\{)"
    r"|\\(?P<mark>nonumber|notag|displaybreak|allowdisplaybreaks|hline)(?![A-Za-z])"
    r"|(?P<row>\\\\\*?(?:[ \t]*\[[^\]\n\\$&]{0,12}\])?|\\(?:cr|newline|tabularnewline)(?![A-Za-z]))"
    r"|(?P<other>\\.)|(?P<open>\{)|(?P<close>\})|(?P<align>&+)|(?P<comment>%[^\n]*)",
    re.DOTALL,
)
ROWS = DISPLAYS - {"cases"}
SYSTEM = re.compile(r"\\left\s*\\(?:\{|lbrace)\s*(?=\\begin\s*\{\s*(?:aligned|split|gathered|array)\b)")
SYSTEM_END = re.compile(r"(?<=\})\s*\\right\s*\.")
BOX = re.compile(r"^\s*\\(?:boxed|fbox)\s*\{(?P<inside>.*)\}\s*[.,]?\s*$", re.DOTALL)
ARGUMENTS = frozenset({"alignat", "alignedat", "IEEEeqnarray", "empheq"})


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
    boxed = BOX.match(content)
    wrapped = boxed is not None and "\\begin" in boxed["inside"] and _one_group(content, boxed.start("inside") - 1)
    if boxed is not None and wrapped:
        start, stop = start + boxed.start("inside"), start + boxed.end("inside")
    content = SYSTEM.sub(lambda found: " " * len(found.group()), text[start:stop])
    if content != text[start:stop]:
        content = SYSTEM_END.sub(lambda found: " " * len(found.group()), content)
    found = _Splitter(content, start).run()
    if wrapped:
        for line in found:
            line.text = line.text if line.prose else f"\\boxed{{{line.text}}}"
    return found


def _one_group(text: str, opening: int) -> bool:
    """Whether the group that begins at an offset goes on to the last brace."""
    depth = 0
    for place in range(opening, len(text)):
        if text[place] in "{}" and text[place - 1] != "\\":
            depth += 1 if text[place] == "{" else -1
            if depth == 0:
                return not text[place + 1 :].strip(" \t\n.,")
    return False


class _Splitter:
    def __init__(self, text: str, shift: int) -> None:
        self.text, self.shift = text, shift
        self.lines: list[Line] = [Line()]
        self.depth = self.inner = 0  # of braces, and of environments that are parts of a formula
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
        if line.text and (line.marks // 2 > before // 2):  # columns of equations
            line.add(" \\quad ", found.start() + self.shift)

    def _environment(self, found: "re.Match[str]") -> None:
        name, begins = found["name"], found["which"] == "begin"
        if name in ROWS and self.inner == 0 and self.depth == 0:
            if begins and name in ARGUMENTS and (option := re.compile(r"\s*\{").match(self.text, self.place)):
                self.place = self._group(option.end() - 1)
            return
        self.inner += 1 if begins else -1
        self.inner = max(0, self.inner)
        self._add(found.start(), found.end())

    def _group(self, opening: int) -> int:
        """Return where the group ends that begins here."""
        depth = 0
        for place in range(opening, len(self.text)):
            if self.text[place] in "{}" and self.text[place - 1] != "\\":
                depth += 1 if self.text[place] == "{" else -1
                if depth == 0:
                    return place + 1
        return len(self.text)
