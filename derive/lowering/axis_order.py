"""The order of coordinates in arrays: a parameter of shape (P, D) is stored with P first."""

from collections.abc import Collection, Iterable
from itertools import pairwise

from derive.language.family import Family, Role
from derive.language.index import ONE


def axis_order(families: Iterable[Family], plates: Collection[str]) -> dict[str, int]:
    """Return the places of sizes that come after another one in some parameter; the place of all others is 0.

    plates: the sizes of samples and components, which come first anyway. Where parameters contradict each other, the
    first one counts.
    """
    after: dict[str, set[str]] = {}
    for family in families:
        if family.role is not Role.PARAMETER:
            continue
        sides = [side.name for side in (family.shape.rows, family.shape.cols) if side != ONE]
        indices = [index.size.name for index in family.indices if index.size.name not in plates]
        for sizes in (indices, sides):
            for first, second in pairwise(sizes):
                if first != second and second not in _before(first, after):
                    after.setdefault(second, set()).add(first)
    return {size: _place(size, after) for size in after}


def _before(size: str, after: dict[str, set[str]]) -> set[str]:
    """Return all sizes that come before a size."""
    direct = after.get(size, set())
    return direct.union(*(_before(other, after) for other in direct))


def _place(size: str, after: dict[str, set[str]]) -> int:
    return max((_place(other, after) + 1 for other in after.get(size, ())), default=0)
