"""Where in a source its prose and its mathematics stand. All offsets are into the source as it was handed in."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from derive.checking.parsing.words import words

#: Environments that are displays, each of which may have rows.
DISPLAYS = frozenset(
    words(
        "equation align alignat gather multline eqnarray displaymath flalign math dmath aligned split "
        "gathered alignedat IEEEeqnarray subequations empheq"
    )
)
PARAGRAPH = re.compile(r"\n[ \t]*\n")
BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
CLOSING = {mark: re.compile(re.escape(mark) + r"|\\.", re.DOTALL) for mark in ("$", "$$", "\\]", "\\)")}
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


def blank(text: str) -> str:
    """Return as many spaces, with the same lines."""
    return re.sub(r"[^\n]", " ", text)


def paragraph_end(text: str, start: int, most: int | None = None) -> int:
    """Return where the paragraph ends in which an offset stands; not beyond so many characters, if given."""
    limit = len(text) if most is None else min(len(text), start + most)
    found = PARAGRAPH.search(text, start, limit)
    return found.start() if found else limit


def braces(text: str) -> dict[int, int]:
    """Return where each opening brace is closed; those that are never closed are left out."""
    opened: list[int] = []
    found: dict[int, int] = {}
    for match in BRACE.finditer(text):
        if match.group() == "{":
            opened.append(match.start())
        elif match.group() == "}" and opened:
            found[opened.pop()] = match.start()
    return found


def environments(text: str) -> dict[int, tuple[int, int]]:
    r"""Return, by where an environment begins, where it ends: before and behind its \end."""
    opened: dict[str, list[int]] = {}
    found: dict[int, tuple[int, int]] = {}
    for match in ENVIRONMENT.finditer(text):
        waiting = opened.setdefault(match.group(2) + match.group(3), [])
        if match.group(1) == "begin":
            waiting.append(match.start())
        elif waiting:
            found[waiting.pop()] = (match.start(), match.end())
    return found


def closed(text: str, mark: str, start: int, stop: int | None = None) -> int | None:
    r"""Return where a mark stands next; None if it does not come. A backslash takes what follows it: \$ is no $."""
    pattern = CLOSING[mark]
    for found in pattern.finditer(text, start, len(text) if stop is None else stop):
        if found.group() == mark:
            return found.start()
    return None
