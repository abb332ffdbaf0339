"""Markdown: its prose and its mathematics; code, comments and what is struck through are left out."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from derive.checking.parsing.mathematics import Mathematics
from derive.checking.parsing.segments import Segment, blank

QUOTE = re.compile(r"^[ ]{0,3}(?:>[ ]?)+")
FENCE = re.compile(r"^[ ]{0,3}(?:[-*+][ ]+|\d+[.)][ ]+)?(`{3,}|~{3,})[ \t]*([^\n`]*)$")
TICKS = re.compile(r"`+")
OPENER = re.compile(
    r"\\[\[(]|\\begin\s*\{|\\.|\$\$?|`+|~~|<!--|<(del|s|strike)\b[^>]{0,100}>", re.DOTALL | re.IGNORECASE
)


def cleaned(text: str) -> str:
    """Return the text without the marks of quotations and without code in fences, each replaced by spaces."""
    return _fences(_quotes(text))


def segments(clean: str) -> Iterator[Segment]:
    """Yield the pieces of a cleaned Markdown text, in order. Offsets are those of the text."""
    formulas, left_out = Mathematics(clean, money=True), _LeftOut(clean)
    place = start = 0
    while (found := OPENER.search(clean, place)) is not None:
        behind = left_out.end(found)
        if behind is not None:
            yield Segment("prose", start, found.start())
            place = start = behind
            continue
        formula = formulas.at(found.start()) if found.group()[0] in "\\$" else None
        if formula is None:
            place = found.end()
            continue
        segment, behind = formula
        yield Segment("prose", start, found.start())
        yield segment
        place = start = behind
    yield Segment("prose", start, len(clean))


class _LeftOut:
    """Code, comments and struck-through text. What has no end is looked for once only."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.ticks: dict[int, list[int]] = {}
        for run in TICKS.finditer(text):
            self.ticks.setdefault(len(run.group()), []).append(run.start())
        self.missing: set[str] = set()

    def end(self, found: "re.Match[str]") -> int | None:
        """Return where what begins here ends; None where nothing does that is left out."""
        opener, begin = found.group(), found.end()
        if opener == "~~":
            return self._behind("~~", begin)
        if opener[0] == "`":
            places = self.ticks.get(len(opener), [])
            after = bisect_left(places, begin)
            return places[after] + len(opener) if after < len(places) else None
        if opener == "<!--":
            return self._behind("-->", begin) or len(self.text)
        return self._behind(f"</{found.group(1).lower()}>", begin) if opener[0] == "<" else None

    def _behind(self, mark: str, begin: int) -> int | None:
        if mark in self.missing:
            return None
        closing = re.compile(re.escape(mark), re.IGNORECASE).search(self.text, begin)
        if closing is None:
            self.missing.add(mark)
        return None if closing is None else closing.end()


def _quotes(text: str) -> str:
    """Replace the marks of block quotes by spaces; a > that begins a line inside a display stays."""
    lines = text.split("\n")
    quoted, display = True, False
    for number, line in enumerate(lines):
        found = QUOTE.match(line)
        if found and not (display and not quoted):
            lines[number] = blank(found.group()) + line[found.end() :]
            quoted = True
        elif not display:
            quoted = False
        if lines[number].count("$$") % 2:
            display = not display
    return "\n".join(lines)


def _fences(text: str) -> str:
    """Replace code in fences by spaces; a fence of mathematics becomes a display."""
    lines = text.split("\n")
    mark = ""
    formula = False
    for number, line in enumerate(lines):
        found = FENCE.match(line)
        if mark:
            ends = found is not None and found.group(1).startswith(mark) and not found.group(2).strip()
            lines[number] = _dollars(line) if ends and formula else line if formula else blank(line)
            mark = "" if ends else mark
        elif found:
            mark, formula = found.group(1), found.group(2).strip() == "math"
            lines[number] = _dollars(line) if formula else blank(line)
    return "\n".join(lines)


def _dollars(line: str) -> str:
    return ("$$" + " " * len(line))[: max(2, len(line))]
