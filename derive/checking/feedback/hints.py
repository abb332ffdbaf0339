"""How much is given away about a mistake: nothing, where it is, why it is wrong, what would be right."""

from collections.abc import Iterator
from enum import StrEnum

from derive.checking.derivations.outcome import Hint, Row
from derive.checking.feedback.marks import WORDS


class Hints(StrEnum):
    """Each level tells what those before it tell."""

    none = "none"
    where = "where"
    why = "why"
    solution = "solution"


def names(row: Row, level: Hints) -> str:
    """What is said of a row: what the mistake is, only where that much is told."""
    if row.mistake and list(Hints).index(level) < list(Hints).index(Hints.why):
        return WORDS[row.verdict]
    return row.says


def told(hint: Hint, level: Hints) -> Iterator[tuple[Hints, str]]:
    """The parts of a hint that are told at a level, from the least to the most."""
    for part, text in ((Hints.where, hint.where), (Hints.why, hint.why), (Hints.solution, hint.solution)):
        if text and list(Hints).index(part) <= list(Hints).index(level):
            yield part, text
