"""What data may come in, and what is no table of numbers: one line each, and never another table than was given."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from derive.errors import InputError
from derive.runtime.dataset import as_events
from derive.runtime.em import fit
from derive.runtime.engine import Local
from derive.runtime.load import load_generated
from derive.runtime.sources import as_source
from derive.runtime.sources.walk import Walk

FULL = load_generated("gaussian-full")
X = np.random.default_rng(0).normal(size=(60, 2))


class ArrayLike:
    """What says how it becomes an array, and gives its rows where it is iterated, as arrays do."""

    def __init__(self, array: Any) -> None:
        self.array = array

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return self.array

    def __iter__(self) -> Iterator[Any]:
        return iter(self.array)


class Stored(ArrayLike):
    """An array on disk, such as a data set of HDF5: read by slices."""

    dtype, shape = X.dtype, X.shape

    def __getitem__(self, rows: slice) -> Any:
        assert rows.stop - rows.start <= 7
        return self.array[rows]


def table(data: Any) -> Any:
    source = as_source(data)
    return np.concatenate(list(source.blocks(range(source.width), 7)))


KINDS: dict[str, Callable[[Any], Any]] = {
    "array-like": ArrayLike,
    "stored array": Stored,
    "columns named by numbers": pd.DataFrame,
    "columns named by pairs": lambda X: pd.DataFrame(X, columns=pd.MultiIndex.from_tuples([(1, 2), (3, 4)])),
    "Arrow table": lambda X: pa.table({"a": X[:, 0], "b": X[:, 1]}),
    "masked array without masked values": np.ma.masked_invalid,
}


@pytest.mark.parametrize("kind", KINDS)
def test_rows_are_rows(kind: str) -> None:
    np.testing.assert_array_equal(table(KINDS[kind](X)), X)


@pytest.mark.parametrize("series", [pd.Series(X[:, 0]), pl.Series(X[:, 0])])
def test_a_series_is_a_column(series: Any) -> None:
    np.testing.assert_array_equal(table(series), X[:, :1])


@pytest.mark.parametrize("dtype", [float, np.float32, int, bool])
def test_masked_values_are_missing(dtype: Any) -> None:
    masked = np.ma.masked_array((X * 10).astype(dtype), X > 1)
    for found in (table(masked), table([masked[:20], masked[20:]])):
        np.testing.assert_array_equal(np.isnan(found), X > 1)
    with pytest.raises(InputError, match="not finite"):
        as_events(masked, ("D",), model="m")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([[[1, 2], [3]]], "X, block 1 is no table of numbers whose rows have one length"),
        (pd.DataFrame(X, columns=["a", "a"]), "X has several columns of one name"),
    ],
)
def test_what_is_no_table(data: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        table(data)


def test_rows_of_different_lengths() -> None:
    with pytest.raises(InputError, match="X is no table of numbers whose rows have one length"):
        fit(FULL, [[1, 2], [3]], 1)


def test_a_frame_without_columns() -> None:
    with pytest.raises(InputError, match="60 rows, 0 columns"):
        fit(FULL, pd.DataFrame(index=range(60)), 1)


@pytest.mark.parametrize("with_null", [True, False])
@pytest.mark.parametrize("value", ["x", "1.5", [1, 2], {"u": 1}, dt.time(3, 4), dt.date(2020, 1, 1), b"x"], ids=str)
def test_parquet_columns_of_something_else(value: Any, with_null: bool, tmp_path: Path) -> None:
    column = pa.array([None if with_null else value, value, value])
    pq.write_table(pa.table({"a": column, "b": [1.0, 2.0, 3.0]}), tmp_path / "x.parquet")
    with pytest.raises(InputError, match=r"column 'a' holds .*; real numbers are needed"):
        table(tmp_path / "x.parquet")


def test_parquet_columns_of_one_name(tmp_path: Path) -> None:
    columns = [pa.array(X[:, 0]), pa.array(X[:, 1])]
    pq.write_table(pa.Table.from_arrays(columns, names=["a", "a"]), tmp_path / "x.parquet")
    with pytest.raises(InputError, match="several columns 'a'"):
        as_source(tmp_path / "x.parquet")


def test_a_parquet_file_that_is_damaged_inside(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"a": X[:, 0]}), path, use_dictionary=False)
    content = bytearray(path.read_bytes())
    content[4:60] = b"\xff" * 56
    path.write_bytes(content)
    with pytest.raises(InputError, match="is damaged, or was changed while it was read"):
        table(path)


class Changing:
    """Blocks that are others from a walk on."""

    def __init__(self, later: Any, walk: int) -> None:
        self.later, self.left = later, walk

    def __iter__(self) -> Iterator[Any]:
        self.left -= 1
        whole = X if self.left > 0 else self.later
        return (whole[start : start + 20] for start in range(0, len(whole), 20))


@pytest.mark.parametrize("walk", [3, 5])
@pytest.mark.parametrize(
    ("later", "message"),
    [
        (X[:40], "gave 60 rows at first, and now gives 40"),
        (np.concatenate([X, X]), "gave 60 rows at first, and now gives 120"),
        (X[:0], "gave 60 rows at first, and now gives 0"),
        (X[:, :1], "has 1 columns, the blocks before it have 2"),
        (np.concatenate([X, X], axis=1), "has 4 columns, the blocks before it have 2"),
    ],
)
def test_data_that_change_between_walks(later: Any, message: str, walk: int) -> None:
    with pytest.raises(InputError, match=message):
        fit(FULL, Changing(later, walk), 2)


def test_rows_that_are_gone_when_components_are_looked_at() -> None:
    engine = Local(Walk(FULL, as_source(Changing(X[:0], 3)), 1))
    engine.sample(10, 0)
    with pytest.raises(InputError, match="gave 60 rows at first, and now gives 0"):
        engine.witnesses(FULL.m_step(X, np.ones((60, 1))))
