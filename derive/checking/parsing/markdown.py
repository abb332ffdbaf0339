"""Markdown: its prose and its mathematics; code, comments and what is struck through are left out."""

import re
from collections.abc import Iterator

from derive.checking.parsing.mathematics import mathematics
from derive.checking.parsing.segments import Segment, blank

QUOTE = re.compile(r"^[ ]{0,3}(?:>[ ]?)+")
FENCE = re.compile(r"^[ ]{0,3}(?:[-*+][ ]+|\d+[.)][ ]+)?(`{3,}|~{3,})[ \t]*([^\n`]*)$")
OPENER = re.compile(
    r"\\[\[(]|\\begin\s*\{|\\.|\$\$?|`+|~~|<!--|<(del|s|strike)\b[^>]{0,100}>", re.DOTALL | re.IGNORECASE
)


def cleaned(text: str) -> str:
    """Return the text without the marks of quotations and without code in fences, each replaced by spaces."""
    return _fences(_quotes(text))


def segments(clean: str) -> Iterator[Segment]:
    """Yield the pieces of a cleaned Markdown text, in order. Offsets are those of the text."""
    place = start = 0
    while (found := OPENER.search(clean, place)) is not None:
        opener = found.group()
        behind = _left_out(clean, found)
        if behind is not None:
            yield Segment("prose", start, found.start())
            place = start = behind
            continue
        formula = mathematics(clean, found.start(), strict=True) if opener[0] in "\\$" else None
        if formula is None:
            place = found.end()
            continue
        segment, behind = formula
        yield Segment("prose", start, found.start())
        yield segment
        place = start = behind
    yield Segment("prose", start, len(clean))


def _left_out(text: str, found: "re.Match[str]") -> int | None:
    """Return where code, a comment or struck-through text ends that begins here; None where there is none."""
    opener, begin = found.group(), found.end()
    if opener == "~~":
        stop = text.find("~~", begin)
        return stop + 2 if stop > begin else None
    if opener[0] == "`":
        closing = re.compile(rf"(?<!`){opener}(?!`)").search(text, begin)
        return closing.end() if closing else None
    if opener == "<!--":
        end = text.find("-->", begin)
        return end + 3 if end >= 0 else len(text)
    if opener[0] == "<":
        closing = re.compile(rf"</{found.group(1)}\s*>", re.IGNORECASE).search(text, begin)
        return closing.end() if closing else None
    return None


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
