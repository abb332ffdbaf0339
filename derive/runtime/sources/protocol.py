"""What a source of data offers, whatever holds the data."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from numpy.typing import NDArray


class Source(Protocol):
    """Rows of numbers, read block by block, as often as is asked for, each time the same rows in the same order.

    Nothing is checked here but that these are numbers: `Walk` looks for values that are not finite.
    """

    @property
    def name(self) -> str:
        """What messages call it: the file, or the kind of object."""
        ...

    @property
    def names(self) -> tuple[str, ...] | None:
        """The names of the columns, None where they have none."""
        ...

    @property
    def width(self) -> int:
        """The number of columns."""
        ...

    @property
    def rows(self) -> int | None:
        """The number of rows, None where only a walk tells it."""
        ...

    def blocks(self, columns: Sequence[int], size: int) -> Iterator[NDArray[Any]]:
        """Return blocks of `size` rows, the last one of what is left; shape (n, number of columns)."""
        ...

    def parts(self, count: int) -> "list[Source]":
        """Return about so many sources of consecutive rows, which together are this one; each can be pickled.

        Raises InputError for a source that other processes cannot read.
        """
        ...
