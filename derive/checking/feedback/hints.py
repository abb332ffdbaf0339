"""How much is given away about a mistake: nothing, where it is, why it is wrong, what would be right."""

from collections.abc import Iterator
from enum import StrEnum

from derive.checking.derivations.outcome import Hint


class Hints(StrEnum):
    """Each level tells what those before it tell."""

    none = "none"
    where = "where"
    why = "why"
    solution = "solution"


def told(hint: Hint, level: Hints) -> Iterator[tuple[Hints, str]]:
    """The parts of a hint that are told at a level, from the least to the most."""
    for part, text in ((Hints.where, hint.where), (Hints.why, hint.why), (Hints.solution, hint.solution)):
        if text and list(Hints).index(part) <= list(Hints).index(level):
            yield part, text
