"""Named axes of arrays: the plates n and k, and coordinates d, e, ..."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import IntEnum


class Rank(IntEnum):
    """What an axis runs over; arrays have their axes in this order."""

    SAMPLES = 0
    COMPONENTS = 1
    PLATE = 2
    COORDINATE = 3


@dataclass(frozen=True, order=True)
class Axis:
    """An axis: what it runs over, its letter, and the name of its size.

    place: where it comes among axes of its rank, before those of later places; the letters decide the rest.
    """

    rank: Rank
    place: int = field(default=0, kw_only=True)
    name: str
    size: str

    def __str__(self) -> str:
        return self.name

    def fresh(self, taken: Iterable["Axis"]) -> "Axis":
        """Return an axis of the same kind and size whose letter is not taken: d, then e, f, ..."""
        names = {axis.name for axis in taken}
        letters = "abcdefghijklmnopqrstuvwxyz"
        start = letters.index(self.name) if self.name in letters else 0
        for letter in letters[start:] + letters[:start]:
            if letter not in names:
                return replace(self, name=letter)
        return replace(self, name=self.name + "'").fresh(taken)


def ordered(axes: Iterable[Axis]) -> tuple[Axis, ...]:
    """Return the distinct axes in the order in which arrays have them."""
    return tuple(sorted(set(axes)))
