"""LaTeX documents: their prose and their mathematics; the preamble, comments and what is struck out are left out."""

import re
from collections.abc import Iterator, Mapping

from derive.checking.parsing.mathematics import Mathematics
from derive.checking.parsing.segments import Segment, blank, braces
from derive.checking.parsing.words import words

VERBATIM = frozenset(words("verbatim lstlisting minted comment tikzpicture Verbatim tabular thebibliography"))
COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
OPENER = re.compile(
    r"\\(?:verb\*?(?P<mark>[^A-Za-z\s*])|(?P<struck>sout|st|xout|cancel|xcancel|bcancel)\s*\{|begin\s*\{|[\[(]|.)|\$\$?",
    re.DOTALL,
)
DOCUMENT = re.compile(r"\\begin\s*\{document\}")
DOCUMENT_END = re.compile(r"\\end\s*\{document\}")


def cleaned(text: str) -> str:
    """Return the text without comments, verbatim text and what stands outside the document, replaced by spaces."""
    text = COMMENT.sub(lambda found: found.group(1) + blank(found.group()[len(found.group(1)) :]), text)
    for name in VERBATIM:
        if f"\\begin{{{name}" in text:
            text = _without(text, name)
    begin = DOCUMENT.search(text)
    if begin is not None:
        text = blank(text[: begin.end()]) + text[begin.end() :]
    end = DOCUMENT_END.search(text)
    return text if end is None else text[: end.start()] + blank(text[end.start() :])


def _without(text: str, name: str) -> str:
    """Return the text with spaces in place of an environment."""
    parts: list[str] = []
    place = 0
    while (start := text.find(f"\\begin{{{name}", place)) >= 0:
        stop = text.find(f"\\end{{{name}", start)
        if stop < 0:
            break
        stop = text.find("}", stop) + 1 or len(text)
        parts += [text[place:start], blank(text[start:stop])]
        place = stop
    return "".join(parts) + text[place:]


def segments(clean: str) -> Iterator[Segment]:
    """Yield the pieces of a cleaned LaTeX text, in order. Offsets are those of the text."""
    formulas, groups = Mathematics(clean, money=False), braces(clean)
    place = start = 0
    while (found := OPENER.search(clean, place)) is not None:
        behind = _left_out(clean, found, groups)
        if behind is not None:
            yield Segment("prose", start, found.start())
            place = start = behind
            continue
        formula = formulas.at(found.start())
        if formula is None:
            place = found.end()
            continue
        segment, behind = formula
        yield Segment("prose", start, found.start())
        yield segment
        place = start = behind
    yield Segment("prose", start, len(clean))


def _left_out(text: str, found: "re.Match[str]", groups: Mapping[int, int]) -> int | None:
    """Return where what is set verbatim or struck out ends that begins here; None where nothing is."""
    if found["mark"]:
        stop = text.find(found["mark"], found.end(), found.end() + 1000)
        return stop + 1 if stop >= 0 else found.end()
    closing = groups.get(found.end() - 1) if found["struck"] else None
    return None if closing is None else closing + 1
