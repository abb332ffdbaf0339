"""Where in a source its prose and its mathematics stand. All offsets are into the source as it was handed in."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from derive.checking.parsing.words import words

#: Environments that are displays, each of which may have rows.
DISPLAYS = frozenset(
    words(
        "equation align alignat gather multline eqnarray displaymath flalign math dmath aligned split "
        "gathered alignedat cases IEEEeqnarray subequations empheq"
    )
)
ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{\s*([A-Za-z]+)(\*?)\s*\}")


@dataclass(frozen=True)
class Segment:
    """A piece of a source. kind: "prose", "inline" or "display". problem: why the mathematics cannot be read."""

    kind: str
    start: int
    stop: int
    problem: str = ""


class Lines:
    """The lines of a text."""

    def __init__(self, text: str) -> None:
        """Take the text."""
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def line(self, offset: int) -> int:
        """Return the 1-based line of an offset."""
        return bisect_right(self.starts, offset)


def blanked(text: str, start: int, stop: int) -> str:
    """Return the text with a stretch replaced by spaces; its lines stay."""
    return text[:start] + blank(text[start:stop]) + text[stop:]


def blank(text: str) -> str:
    """Return as many spaces, with the same lines."""
    return re.sub(r"[^\n]", " ", text)


def paragraph_end(text: str, start: int) -> int:
    """Return where the paragraph ends in which an offset stands."""
    found = re.compile(r"\n[ \t]*\n").search(text, start)
    return found.start() if found else len(text)


def environment_end(text: str, start: int) -> tuple[int, int] | None:
    r"""Return where the environment that begins at start ends: before and behind its \end; None if it does not."""
    opening = ENVIRONMENT.match(text, start)
    if opening is None:
        return None
    depth = 0
    for found in ENVIRONMENT.finditer(text, start):
        if found.group(2, 3) == opening.group(2, 3):
            depth += 1 if found.group(1) == "begin" else -1
            if depth == 0:
                return found.start(), found.end()
    return None


def closed(text: str, mark: str, start: int) -> int | None:
    """Return where a mark stands next that no backslash precedes; None if it does not come."""
    place = start
    while (place := text.find(mark, place)) >= 0:
        before = place
        while before > start and text[before - 1] == "\\":
            before -= 1
        if (place - before) % 2 == 0:
            return place
        place += 1
    return None
