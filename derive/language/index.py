"""Abstract sizes (D, N, K) and plate indices (n of N, k of K)."""

import re
from dataclasses import dataclass
from itertools import chain, count

from derive.errors import ModelError


@dataclass(frozen=True, order=True)
class Extent:
    """An abstract size, such as the number D of coordinates. It stays a symbol through the whole derivation.

    A size may be that of another plate and some more: ``K + 1``.
    """

    name: str

    @property
    def base(self) -> "Extent":
        """The size that this one is counted from: K for K + 1, itself for K."""
        return Extent(self.name.partition(" + ")[0])

    @property
    def more(self) -> int:
        """By how much it is larger than its base: 1 for K + 1, 0 for K."""
        return int(self.name.partition(" + ")[2] or 0)

    def __str__(self) -> str:
        return self.name


ONE = Extent("1")
_LARGER = re.compile(r"\s*(\w+)\s*\+\s*([1-9]\d?)\s*")


@dataclass(frozen=True, order=True)
class Index:
    """A plate index: ``Index("n", "N")`` runs over n = 1, ..., N and repeats what carries it independently.

    ``size`` may be given as the name of the size or as a Extent. ``Index("j", "K + 1")`` runs over one member more than
    ``Index("k", "K")``: its first K members are those of k (see ``Mixture.others``).
    """

    name: str
    size: Extent

    def __init__(self, name: str, size: str | Extent) -> None:
        """Name the index and its size."""
        larger = _LARGER.fullmatch(size) if isinstance(size, str) else None
        if larger is not None:
            size = Extent(f"{larger[1]} + {larger[2]}")
        for text in (name, size.base.name if isinstance(size, Extent) else size):
            if not isinstance(text, str) or not text.isidentifier():
                raise ModelError(
                    f"Index({name!r}, {size!r}): give the names of an index and of its size, as in Index('n', 'N')"
                )
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "size", Extent(size) if isinstance(size, str) else size)

    def __str__(self) -> str:
        return self.name

    def renamed(self, taken: frozenset["Index"]) -> "Index":
        """Return another index over the same plate whose name is not among those taken (j for k, m for n)."""
        names = {index.name for index in taken} | {self.name}
        customary = {"n": "mil", "k": "jlh"}.get(self.name, "jimlhrs")
        numbered = (f"{self.name}{number}" for number in count(2))
        return Index(next(name for name in chain(customary, numbered) if name not in names), self.size)


@dataclass(frozen=True)
class Shape:
    """Rows and columns; a scalar is 1 x 1, a column vector D x 1, a row 1 x D."""

    rows: Extent = ONE
    cols: Extent = ONE

    @property
    def is_scalar(self) -> bool:
        """Whether both sides are one."""
        return self.rows == ONE and self.cols == ONE

    @property
    def is_column(self) -> bool:
        """Whether this is a column vector (and not a scalar)."""
        return self.cols == ONE and self.rows != ONE

    @property
    def is_square(self) -> bool:
        """Whether rows and columns agree and are not one."""
        return self.rows == self.cols and self.rows != ONE

    @property
    def transposed(self) -> "Shape":
        """Rows and columns exchanged."""
        return Shape(self.cols, self.rows)

    def __str__(self) -> str:
        return "scalar" if self.is_scalar else f"{self.rows} x {self.cols}"


SCALAR = Shape()
