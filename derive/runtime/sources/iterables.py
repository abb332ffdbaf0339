"""Any object that gives its blocks each time it is asked for them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.runtime.dataset import as_array, real
from derive.runtime.sources.regroup import regrouped


@dataclass(frozen=True)
class IterableSource:
    """Blocks of rows of any sizes. given: iterated anew for each walk, as a list or an object with `__iter__` is."""

    given: Iterable[Any]
    name: str = "X"

    def __post_init__(self) -> None:
        if isinstance(self.given, Iterator):
            raise InputError(
                f"{self.name} can be walked only once, but EM walks its data in each iteration; give an object whose "
                "`__iter__` starts anew, or fit the stream by online EM: derive.runtime.online.online_em, or --online"
            )

    @property
    def names(self) -> None:
        """None: blocks have no names."""
        return

    @cached_property
    def width(self) -> int:
        """The number of columns, that of the first block."""
        first = next(iter(self._tables()), None)
        if first is None:
            raise InputError(f"{self.name} holds no blocks")
        return int(first.shape[1])

    @property
    def rows(self) -> None:
        """None: a walk tells it."""
        return

    def blocks(self, columns: Sequence[int], size: int) -> Iterator[NDArray[Any]]:
        """Return blocks of `size` rows, whatever the sizes of those given."""
        width = self.width
        return regrouped((table[:, list(columns)] for table in self._tables(width)), size)

    def parts(self, count: int) -> list[Any]:
        """Raise InputError: nobody knows where the rows of another process would begin."""
        raise InputError(f"{self.name} is an iterable of blocks, which cannot be shared out (into {count} partitions)")

    def _tables(self, width: int | None = None) -> Iterator[NDArray[Any]]:
        """The blocks as tables. width: the number of columns of an earlier walk."""
        for t, given in enumerate(self.given):
            name = f"{self.name}, block {t + 1}"
            block = as_array(given, name)
            table = block[:, None] if block.ndim == 1 else block
            if table.ndim != 2:
                raise InputError(f"{name} has {table.ndim} dimensions; a table of rows and columns is needed")
            if width not in {None, table.shape[1]}:
                raise InputError(f"{name} has {table.shape[1]} columns, the blocks before it have {width}")
            width = table.shape[1]
            yield table if table.dtype in (np.float32, np.float64) else real(table, name)
