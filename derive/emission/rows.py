"""The rows of features: how many each feature has, and where they stand, as text of generated code.

A matrix that is symmetric needs its upper triangle only, a diagonal after the other; any other value a row an entry.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from derive.lowering.axis import Axis
from derive.proof.derivation import Feature

UPPER = "helper.upper"


@dataclass(frozen=True)
class Rows:
    """A feature and its place: ``start`` the text of its first row, ``end`` that behind its last; axes: without n."""

    feature: Feature
    axes: tuple[Axis, ...]
    start: str
    end: str

    @property
    def triangle(self) -> str:
        """The size of a symmetric matrix, empty for other values."""
        return self.axes[0].size if is_triangle(self.feature, self.axes) else ""

    @property
    def place(self) -> str:
        """The text that selects the rows: one number for a scalar."""
        return f"{self.start} : {self.end}" if self.axes else self.start

    @property
    def slice(self) -> str:
        """The text that selects the rows, as a slice also for a scalar."""
        start = "" if self.start == "0" else self.start
        return f"{start} : {self.end}" if " " in f"{start}{self.end}" else f"{start}:{self.end}"


def is_triangle(feature: Feature, axes: tuple[Axis, ...]) -> bool:
    """Whether a feature is a symmetric matrix that is not diagonal."""
    return feature.domain.symmetric and len(axes) == 2 and axes[0].size == axes[1].size


def placed(features: Iterable[tuple[Feature, tuple[Axis, ...]]]) -> tuple[Rows, ...]:
    """Return the rows of features that stand one below the other."""
    found: list[Rows] = []
    number, sizes = 0, list[str]()
    for feature, axes in features:
        start = _sum(sizes, number)
        if not axes:
            number += 1
        elif is_triangle(feature, axes):
            size = axes[0].size
            sizes.append(f"{size} * ({size} + 1) // 2")
        else:
            sizes.append(" * ".join(axis.size for axis in axes))
        found.append(Rows(feature, axes, start, _sum(sizes, number)))
    return tuple(found)


def _sum(sizes: list[str], number: int) -> str:
    return " + ".join([*sizes, *([str(number)] if number or not sizes else [])])
