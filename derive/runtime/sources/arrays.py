"""Arrays: in memory, mapped from an NPY file, or stored in chunks by Zarr."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.runtime.dataset import as_array, real
from derive.runtime.sources.optional import needed


@dataclass(frozen=True)
class ArraySource:
    """Rows from begin to end of an array: anything with a shape and a dtype whose slices NumPy understands.

    array: (N, D), or (N,) for one column. end: None for all that follow.
    """

    array: Any
    name: str = "X"
    begin: int = 0
    end: int | None = None

    def __post_init__(self) -> None:
        _check(self.array, self.name)

    @property
    def names(self) -> None:
        """None: an array has no names."""
        return

    @property
    def width(self) -> int:
        """The number of columns."""
        return 1 if len(self.array.shape) == 1 else int(self.array.shape[1])

    @property
    def rows(self) -> int:
        """The number of rows."""
        return (int(self.array.shape[0]) if self.end is None else self.end) - self.begin

    def blocks(self, columns: Sequence[int], size: int) -> Iterator[NDArray[Any]]:
        """Return blocks of `size` rows: copies, so that a mapped file's pages can go."""
        stop = self.begin + self.rows
        for start in range(self.begin, stop, size):
            yield _table(self.array[start : min(start + size, stop)], columns, self.name)

    def parts(self, count: int) -> list[Any]:
        """Return sources of consecutive rows."""
        return [ArraySource(self.array[a:b], self.name) for a, b in ranges(self.begin, self.begin + self.rows, count)]


@dataclass(frozen=True)
class NpySource:
    """Rows from begin to end of an NPY file, which is mapped, never read as a whole."""

    path: Path
    begin: int = 0
    end: int | None = None

    def __post_init__(self) -> None:
        _check(self._mapped(), self.name)

    @property
    def name(self) -> str:
        """The file."""
        return str(self.path)

    @property
    def names(self) -> None:
        """None: an array has no names."""
        return

    @property
    def width(self) -> int:
        """The number of columns."""
        return ArraySource(self._mapped(), self.name).width

    @property
    def rows(self) -> int:
        """The number of rows."""
        return ArraySource(self._mapped(), self.name, self.begin, self.end).rows

    def blocks(self, columns: Sequence[int], size: int) -> Iterator[NDArray[Any]]:
        """Return blocks of `size` rows. Each maps the file anew: the pages of a map that is gone take no memory."""
        stop = self.begin + self.rows
        for start in range(self.begin, stop, size):
            yield _table(self._mapped()[start : min(start + size, stop)], columns, self.name)

    def parts(self, count: int) -> list[Any]:
        """Return sources of consecutive rows; each opens the file for itself."""
        return [NpySource(self.path, a, b) for a, b in ranges(self.begin, self.begin + self.rows, count)]

    def _mapped(self) -> NDArray[Any]:
        try:
            return np.asanyarray(np.load(self.path, mmap_mode="r", allow_pickle=False))
        except (OSError, ValueError, EOFError, SyntaxError) as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise InputError(f"{self.path} cannot be mapped as an NPY file ({reason})") from None


def open_zarr(path: Path) -> "ZarrSource":
    """The Zarr array of a folder. Raises InputError for a folder that holds none."""
    zarr = needed("zarr", "zarr", "Zarr arrays")
    try:
        array = zarr.open_array(str(path), mode="r")
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise InputError(f"{path} is no Zarr array ({reason})") from None
    return ZarrSource(array, str(path))


@dataclass(frozen=True)
class ZarrSource(ArraySource):
    """Rows from begin to end of a Zarr array; parts keep the array and read their own chunks."""

    def parts(self, count: int) -> list[Any]:
        """Return sources of consecutive rows."""
        stop = self.begin + self.rows
        return [ZarrSource(self.array, self.name, a, b) for a, b in ranges(self.begin, stop, count)]


def ranges(begin: int, end: int, count: int) -> list[tuple[int, int]]:
    """Return at most `count` consecutive ranges of nearly equal length, none of them empty."""
    edges = np.linspace(begin, end, min(count, max(end - begin, 1)) + 1).astype(int).tolist()
    return list(pairwise(edges))


def _check(array: Any, name: str) -> None:
    if len(array.shape) not in {1, 2}:
        raise InputError(f"{name} has {len(array.shape)} dimensions; a table of rows and columns is needed")
    real(np.empty(0, dtype=array.dtype), name)


def _table(rows: Any, columns: Sequence[int], name: str) -> NDArray[Any]:
    table = as_array(rows, name)
    table = table[:, None] if table.ndim == 1 else table
    if table.dtype not in (np.float32, np.float64):
        table = real(table, name)
    everything = list(columns) == list(range(table.shape[1]))
    return np.array(table if everything else table[:, list(columns)], order="C")
