r"""Mathematics in a source, after what opens it: $, $$, \(, \[ or an environment."""

import re

from derive.checking.parsing.segments import DISPLAYS, ENVIRONMENT, Segment, closed, environment_end, paragraph_end

FORMULA = re.compile(r"[\\_^=<>+*/|]|^\s*[A-Za-zΑ-ω]\s*$")
MOST_INLINE = 5_000


def mathematics(text: str, start: int, *, strict: bool) -> tuple[Segment, int] | None:
    """Return the mathematics that opens at start and where it ends; None where what stands there opens none.

    strict: a dollar sign may be money (Markdown).
    """
    if text.startswith("$$", start):
        return _between(text, start, 2, "$$", "display")
    if text.startswith("\\[", start):
        return _between(text, start, 2, "\\]", "display")
    if text.startswith("\\(", start):
        return _between(text, start, 2, "\\)", "inline")
    if text.startswith("$", start):
        return _dollar(text, start, strict=strict)
    found = ENVIRONMENT.match(text, start)
    if found is None or found.group(1) == "end" or found.group(2) not in DISPLAYS:
        return None
    end = environment_end(text, start)
    if end is None:
        stop = paragraph_end(text, found.end())
        return Segment("display", start, stop, f"\\begin{{{found.group(2)}}} is never closed"), stop
    return Segment("display", start, end[1]), end[1]


def _between(text: str, start: int, width: int, mark: str, kind: str) -> tuple[Segment, int]:
    begin = start + width
    stop = text.find(mark, begin) if mark != "$$" else closed(text, mark, begin)
    if stop is None or stop < 0:
        stop = paragraph_end(text, begin)
        return Segment(kind, begin, stop, f"{text[start:begin]} is never closed"), stop
    return Segment(kind, begin, stop), stop + len(mark)


def _dollar(text: str, start: int, *, strict: bool) -> tuple[Segment, int] | None:
    begin = start + 1
    limit = min(paragraph_end(text, begin), begin + MOST_INLINE)
    stop = closed(text[:limit], "$", begin)
    if stop is None or stop == begin:
        return None
    content = text[begin:stop]
    if strict:
        tight = not content[0].isspace() and not content[-1].isspace()
        money = content[0].isdigit() and text[stop + 1 : stop + 2].isdigit()
        if money or (not tight and not FORMULA.search(content)):
            return None
    return Segment("inline", begin, stop), stop + 1
