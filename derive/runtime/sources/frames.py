"""Frames of pandas, polars and others that narwhals knows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.runtime.dataset import real
from derive.runtime.sources.arrays import ranges
from derive.runtime.sources.optional import needed

PACKAGES = ("pandas", "polars", "modin", "cudf")


@dataclass(frozen=True)
class FrameSource:
    """The rows of a data frame. frame: as its own package has it."""

    frame: Any
    name: str = "X"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(map(str, self._narwhal.columns))

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.names)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return int(self._narwhal.shape[0])

    def blocks(self, columns: Sequence[int], size: int) -> Iterator[NDArray[Any]]:
        """Return blocks of `size` rows; missing values are NaN."""
        frame, names = self._narwhal, self.names
        for start in range(0, self.rows, size):
            rows = frame[start : start + size]
            found = [self._column(rows[:, j], f"{self.name}, column {names[j]!r}") for j in columns]
            yield np.column_stack(found) if found else np.empty((len(rows), 0))

    def parts(self, count: int) -> list[Any]:
        """Return sources of consecutive rows."""
        return [FrameSource(self._narwhal[a:b].to_native(), self.name) for a, b in ranges(0, self.rows, count)]

    @property
    def _narwhal(self) -> Any:
        narwhals = needed("narwhals", "frames", "data frames")
        try:
            return narwhals.from_native(self.frame, eager_only=True)
        except narwhals.exceptions.DuplicateError:
            raise InputError(f"{self.name} has several columns of one name; each needs a name of its own") from None
        except TypeError:
            kind = f"{type(self.frame).__module__.partition('.')[0]} {type(self.frame).__name__}"
            raise InputError(f"{self.name} is a {kind}, whose rows are not there yet; collect it first") from None

    @staticmethod
    def _column(series: Any, label: str) -> NDArray[Any]:
        narwhals = needed("narwhals", "frames", "data frames")
        if not (series.dtype.is_numeric() or series.dtype == narwhals.Boolean):
            raise InputError(f"{label} holds {series.dtype}; real numbers are needed")
        if series.null_count():
            return np.asarray(series.cast(narwhals.Float64).to_numpy(), dtype=np.float64)
        values = np.asarray(series.to_numpy())
        return values if values.dtype in (np.float32, np.float64) else real(values, label)
