"""LaTeX documents: their prose and their mathematics; the preamble, comments and what is struck out are left out."""

import re
from collections.abc import Iterator

from derive.checking.parsing.mathematics import mathematics
from derive.checking.parsing.segments import Segment, blank
from derive.checking.parsing.words import words

VERBATIM = frozenset(words("verbatim lstlisting minted comment tikzpicture Verbatim tabular thebibliography"))
COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
OPENER = re.compile(
    r"\\(?:verb\*?(?P<mark>[^A-Za-z\s*])|(?P<struck>sout|st|xout|cancel|xcancel|bcancel)\s*\{|begin\s*\{|[\[(]|.)|\$\$?",
    re.DOTALL,
)
BEGIN = re.compile(r"\\begin\s*\{\s*([A-Za-z]+)\*?\s*\}")
DOCUMENT = re.compile(r"\\begin\s*\{document\}")
DOCUMENT_END = re.compile(r"\\end\s*\{document\}")


def cleaned(text: str) -> str:
    """Return the text without comments, verbatim text and what stands outside the document, replaced by spaces."""
    text = COMMENT.sub(lambda found: found.group(1) + blank(found.group()[len(found.group(1)) :]), text)
    for name in VERBATIM:
        mark = f"\\begin{{{name}"
        if mark in text:
            pattern = re.compile(rf"\\begin\{{{name}\*?\}}.*?\\end\{{{name}\*?\}}", re.DOTALL)
            text = pattern.sub(lambda found: blank(found.group()), text)
    begin = DOCUMENT.search(text)
    if begin is not None:
        text = blank(text[: begin.end()]) + text[begin.end() :]
    end = DOCUMENT_END.search(text)
    return text if end is None else text[: end.start()] + blank(text[end.start() :])


def segments(clean: str) -> Iterator[Segment]:
    """Yield the pieces of a cleaned LaTeX text, in order. Offsets are those of the text."""
    place = start = 0
    while (found := OPENER.search(clean, place)) is not None:
        behind = _left_out(clean, found)
        if behind is not None:
            yield Segment("prose", start, found.start())
            place = start = behind
            continue
        formula = mathematics(clean, found.start(), strict=False)
        if formula is None:
            place = found.end()
            continue
        segment, behind = formula
        yield Segment("prose", start, found.start())
        yield segment
        place = start = behind
    yield Segment("prose", start, len(clean))


def _left_out(text: str, found: "re.Match[str]") -> int | None:
    if found["mark"]:
        stop = text.find(found["mark"], found.end(), found.end() + 1000)
        return stop + 1 if stop >= 0 else found.end()
    if not found["struck"]:
        return None
    depth = 1
    for place in range(found.end(), len(text)):
        if text[place] in "{}" and text[place - 1] != "\\":
            depth += 1 if text[place] == "{" else -1
            if depth == 0:
                return place + 1
    return None
