"""Parquet files and folders of them, read in record batches, only the columns that are asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.runtime.dataset import real
from derive.runtime.sources.arrays import ranges
from derive.runtime.sources.optional import needed
from derive.runtime.sources.regroup import regrouped

_WHAT = "Parquet files"


@dataclass(frozen=True)
class ParquetSource:
    """The row groups of Parquet files, in this order. groups: the file and the number of each row group."""

    name: str
    names: tuple[str, ...]
    groups: tuple[tuple[str, int], ...]

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.names)

    @cached_property
    def rows(self) -> int:
        """The number of rows, which the files say."""
        return sum(self._sizes)

    @cached_property
    def _sizes(self) -> list[int]:
        parquet = needed("pyarrow.parquet", "parquet", _WHAT)
        of_file = {file: parquet.read_metadata(file) for file, _ in self.groups}
        return [int(of_file[file].row_group(group).num_rows) for file, group in self.groups]

    def blocks(self, columns: Sequence[int], size: int) -> Iterator[NDArray[Any]]:
        """Return blocks of `size` rows; missing values are NaN."""
        return regrouped(self._batches([self.names[j] for j in columns], size), size)

    def parts(self, count: int) -> list[Any]:
        """Return sources of consecutive row groups, the smallest parts that there are."""
        places = ranges(0, len(self.groups), count)
        return [ParquetSource(self.name, self.names, self.groups[a:b]) for a, b in places]

    def _batches(self, names: list[str], size: int) -> Iterator[NDArray[Any]]:
        files: dict[str, list[int]] = {}
        for file, group in self.groups:
            files.setdefault(file, []).append(group)
        for file, groups in files.items():
            for batch in _read(file, groups, names, size):
                found = [_column(batch, name, self.name) for name in names]
                yield np.column_stack(found) if found else np.empty((batch.num_rows, 0))


def open_parquet(path: Path) -> ParquetSource:
    """A Parquet file, or a folder of them in the order of their names. Raises InputError for anything else."""
    pyarrow, parquet = needed("pyarrow", "parquet", _WHAT), needed("pyarrow.parquet", "parquet", _WHAT)
    files = sorted(map(str, path.rglob("*.parquet"))) if path.is_dir() else [str(path)]
    if not files:
        raise InputError(f"{path} is a folder without Parquet files")
    try:
        columns = {file: tuple(parquet.read_schema(file).names) for file in files}
        groups = [(file, i) for file in files for i in range(parquet.read_metadata(file).num_row_groups)]
    except (OSError, pyarrow.ArrowException) as error:
        raise InputError(f"{path} is damaged or no Parquet file ({_first_line(error)})") from None
    names = columns[files[0]]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"{files[0]} has several columns {twice!r}; each needs a name of its own")
    other = next((file for file in files if sorted(columns[file]) != sorted(names)), None)
    if other is not None:
        raise InputError(f"{other} has other columns than {files[0]}; the files of a data set need the same")
    return ParquetSource(str(path), names, tuple(groups))


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _read(file: str, groups: list[int], names: list[str], size: int) -> Iterator[Any]:
    """The record batches of some row groups. Raises InputError for a file that cannot be read to its end."""
    pyarrow, parquet = needed("pyarrow", "parquet", _WHAT), needed("pyarrow.parquet", "parquet", _WHAT)
    try:
        with parquet.ParquetFile(file) as opened:
            yield from opened.iter_batches(batch_size=size, row_groups=groups, columns=names, use_threads=False)
    except (OSError, IndexError, pyarrow.ArrowException) as error:
        raise InputError(f"{file} is damaged, or was changed while it was read ({_first_line(error)})") from None


def _column(batch: Any, name: str, source: str) -> NDArray[Any]:
    """One column as floats, missing values as NaN. Raises InputError for what is no number."""
    types = needed("pyarrow", "parquet", _WHAT).types
    at = batch.schema.get_field_index(name)
    if at < 0:
        raise InputError(f"{source} has no column {name!r} any more; it was changed while it was read")
    values = batch.column(at)
    of = values.type
    if not (types.is_integer(of) or types.is_floating(of) or types.is_boolean(of) or types.is_null(of)):
        raise InputError(f"{source}, column {name!r} holds {of}; real numbers are needed")
    found = values.to_numpy(zero_copy_only=False)
    if found.dtype.kind == "O":  # truth values and None
        found = np.array([np.nan if value is None else value for value in found], dtype=np.float64)
    return found if found.dtype in (np.float32, np.float64) else real(found, f"{source}, column {name!r}")
