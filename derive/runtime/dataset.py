"""A table of numbers with the names of its columns: what files are read into and messages speak of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError


@dataclass(frozen=True)
class DataSet:
    """values: shape (N, D), finite. columns: D labels as they stand in messages. source: the file's name."""

    values: NDArray[np.float64]
    columns: tuple[str, ...]
    source: str

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of rows and of columns."""
        return self.values.shape[0], self.values.shape[1]


def column_labels(names: Sequence[str] | None, width: int) -> tuple[str, ...]:
    """The names, or "1", "2", ... where there are none."""
    return tuple(names) if names is not None else tuple(str(j + 1) for j in range(width))


def check_finite(
    values: NDArray[np.float64], columns: Sequence[str], source: str, *, missing: int = 0, lines: Sequence[int] = ()
) -> None:
    """Raise InputError that counts missing values, NaN and infinities and says where the first one stands.

    missing: how many of the NaNs stand for an empty cell. lines: the line in the file of each row, if it has lines.
    """
    with np.errstate(all="ignore"):
        if np.isfinite(values.sum()):  # which takes no room, and is not finite where a value is not
            return
    bad = ~np.isfinite(values)
    count = int(bad.sum())
    if not count:
        return
    infinite = int(np.isinf(values).sum())
    kinds = {"missing": missing, "NaN": count - infinite - missing, "infinite": infinite}
    parts = ", ".join(f"{number} {kind}" for kind, number in kinds.items() if number)
    row, column = (int(i) for i in np.argwhere(bad)[0])
    line = f" (line {lines[row]})" if lines else ""
    values_are = "value is" if count == 1 else "values are"
    raise InputError(
        f"{source}: {count} {values_are} not finite ({parts}), the first in row {row + 1}{line}, "
        f"column {columns[column]!r}; remove or fill them, or leave the column out with --columns"
    )


def as_events(
    X: NDArray[Any],
    event_shape: Sequence[str | int],
    *,
    model: str,
    source: str = "X",
    columns: Sequence[str] | None = None,
) -> NDArray[np.floating[Any]]:
    """X in the shape that a model takes: (N, D), or (N,) where its density is that of a scalar.

    source, columns: names for messages, of the data and of their columns.
    Raises InputError for the wrong number of columns, of dimensions or of rows, and for values that are not finite.
    """
    X = as_array(X, source)
    if X.dtype not in (np.float32, np.float64):
        X = real(X, source)
    if X.ndim not in {1, 2}:
        raise InputError(f"{source} has {X.ndim} dimensions; a table of rows and columns is needed")
    table = X[:, None] if X.ndim == 1 else X
    if not table.size:
        raise InputError(f"{source} is empty: {table.shape[0]} rows, {table.shape[1]} columns")
    check_finite(table, column_labels(columns, table.shape[1]), source)
    width = table.shape[1]
    if not event_shape:
        if width != 1:
            raise InputError(
                f"{source} has {width} columns, but {model} is a model of scalar data (D = 1); "
                f"choose one column (--columns 1) or a model of vectors"
            )
        return table[:, 0]
    if len(event_shape) > 1:
        raise InputError(f"{model} describes data of {len(event_shape)} dimensions a row; a table has one")
    size = event_shape[0]
    if isinstance(size, int) and size != width:
        counted = f"{width} column" + ("" if width == 1 else "s")
        raise InputError(f"{source} has {counted}, but {model} needs {size}; choose them with --columns")
    return table


def as_array(given: Any, source: str) -> NDArray[Any]:
    """What is given as an array, masked values as NaN. Raises InputError where it is none."""
    try:
        array = np.asarray(given)
    except (ValueError, TypeError, RuntimeError, NotImplementedError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise InputError(f"{source} is no table of numbers whose rows have one length ({reason})") from None
    if np.ma.is_masked(given) and array.dtype.kind in "biuf":
        array = array if array.dtype.kind == "f" else real(array, source)
        return np.where(np.ma.getmaskarray(given), array.dtype.type(np.nan), array)
    return array


def real(array: NDArray[Any], source: str) -> NDArray[np.float64]:
    """The array as float64. Raises InputError where its numbers have no exact place there, or it holds no numbers."""
    kinds = {"c": "complex numbers", "O": "Python objects", "U": "text", "S": "text", "V": "records"}
    kinds |= {"M": "dates", "m": "time spans", "T": "text"}
    if array.dtype.kind in kinds:
        raise InputError(f"{source} holds {kinds[array.dtype.kind]} ({array.dtype}); real numbers are needed")
    with np.errstate(all="ignore"):
        converted = array.astype(np.float64)
    if array.dtype.kind in "iu" and array.size:
        large = max(abs(int(array.max())), abs(int(array.min())))
        if large > 2**53:
            raise InputError(
                f"{source} holds integers as large as {large}, beyond 2**53 where float64 is exact; "
                f"subtract an offset or store floats"
            )
    return converted
