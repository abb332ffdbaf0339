"""Reading a data file, CSV, NPY or NPZ, into a DataSet; every file that cannot be used gets one clear line."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.runtime.columns import choose
from derive.runtime.dataset import DataSet, check_finite, column_labels
from derive.runtime.read_csv import parse_column, parse_csv, parse_list
from derive.runtime.read_numpy import parse_array, parse_npy, parse_npz
from derive.runtime.sources.opening import is_stored, open_source

_TEXT_SUFFIXES = {".csv", ".tsv", ".txt", ".dat", ".data"}
_NPY_MAGIC = b"\x93NUMPY"
_ZIP_MAGIC = b"PK"
_FORMATS = "CSV, NPY or NPZ"
_SIGNATURES = {
    b"\x1f\x8b": "a gzip file",
    b"%PDF": "a PDF file",
    b"\x89PNG": "a PNG picture",
    b"\x89HDF": "an HDF5 file",
    b"PAR1": "a Parquet file",
    b"\xd0\xcf\x11\xe0": "an Excel file",
}


def read_data(path: Path, columns: str | None = None, without: Sequence[str] = ()) -> DataSet:
    """The numbers of a file.

    path: CSV (comma, semicolon, tab or blanks; with or without a line of names), NPY, NPZ with one array or one named
    X, Parquet, a folder of Parquet files, or Zarr. columns: which ones to take, names or numbers from 1, separated by
    commas; all if None, but those in without, which serve another purpose.
    Raises InputError for a file that is missing, of another format, or holds anything but finite numbers.
    """
    if is_stored(path) and path.suffix.lower() != ".npy":
        return _read_blocks(path, columns, without)
    content = read_bytes(path)
    name = str(path)
    suffix = path.suffix.lower()
    if not content:
        raise InputError(f"{name} is empty")
    if content.startswith(_NPY_MAGIC):
        return parse_npy(content, name, columns, without)
    if content.startswith(_ZIP_MAGIC):
        if suffix in {".xlsx", ".ods", ".docx"}:
            raise InputError(f"{name} is a {suffix[1:].upper()} file; {_FORMATS} is needed: export it as CSV")
        return parse_npz(content, name, columns, without)
    if suffix in {".npy", ".npz"}:
        raise InputError(f"{name} is not a NumPy {suffix[1:].upper()} file, whatever its name says")
    for signature, what in _SIGNATURES.items():
        if content.startswith(signature):
            raise InputError(f"{name} is {what}; {_FORMATS} is needed")
    if suffix and suffix not in _TEXT_SUFFIXES and not suffix[1:].isdigit():
        raise InputError(f"{name}: {suffix!r} is not a format that can be read; {_FORMATS} is needed")
    return parse_csv(_decode(content, name), name, columns, without)


def read_column(path: Path, column: str) -> list[str]:
    """The cells of one column of a data file as text, empty where they are missing.

    column: its name or number from 1. Raises InputError for a column that is not there, and as `read_data` does.
    """
    if is_stored(path):
        return _spelled(read_data(path, column).values[:, 0])
    content = read_bytes(path)
    if _is_text(content):
        return parse_column(_decode(content, str(path)), str(path), column)
    return _spelled(read_data(path, column).values[:, 0])


def read_list(path: Path, length: int) -> list[str]:
    """The cells of a file with one column and this many rows as text, empty where they are missing.

    Raises InputError for more columns than one, for another number of rows, and as `read_data` does.
    """
    content = read_bytes(path)
    if _is_text(content):
        return parse_list(_decode(content, str(path)), str(path), length)
    values = read_data(path).values
    if values.shape not in {(length, 1), (1, length)}:
        raise InputError(
            f"{path} holds an array of shape {values.shape}; one number for each of {length} rows is needed"
        )
    return _spelled(values.ravel())


def _read_blocks(path: Path, columns: str | None, without: Sequence[str]) -> DataSet:
    """All rows of what can be read in blocks."""
    source = open_source(path)
    chosen = choose(columns, source.names, source.width, source.name, without)
    labels = column_labels(source.names, source.width)
    names = tuple(labels[column] for column in chosen)
    blocks = list(source.blocks(chosen, source.rows or 1))
    if not blocks:
        raise InputError(f"{path} is empty: 0 rows")
    values = np.concatenate(blocks).astype(np.float64)
    check_finite(values, names, source.name)
    return DataSet(values, names, source.name)


def _is_text(content: bytes) -> bool:
    return not content.startswith((_NPY_MAGIC, _ZIP_MAGIC, *_SIGNATURES))


def _spelled(values: NDArray[np.float64]) -> list[str]:
    return [f"{value:.0f}" if value.is_integer() else repr(value) for value in values.tolist()]


def read_array(path: Path) -> NDArray[np.floating[Any]]:
    """The numbers of a file as an array: an NPY file of any number of dimensions, else a table (see `read_data`)."""
    content = read_bytes(path)
    return parse_array(content, str(path)) if content.startswith(_NPY_MAGIC) else read_data(path).values


def read_bytes(path: Path) -> bytes:
    """The content of a file. Raises InputError where there is none, it is a folder, or it may not be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file{_neighbours(path)}") from None
    except IsADirectoryError:
        raise InputError(f"{path} is a folder; a file is needed") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path} cannot be read: {reason.lower()}") from None


def _neighbours(path: Path) -> str:
    """A hint: the same stem with another suffix, if it is there."""
    try:
        others = sorted(file.name for file in path.parent.glob("*") if file.is_file() and file.stem == path.stem)
    except (OSError, ValueError):
        others = []
    return f"; in its folder there is {others[0]!r}" if path.stem and others else ""


def _decode(content: bytes, name: str) -> str:
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name} is not UTF-8 text (byte {error.start}); {_FORMATS} is needed, text in UTF-8"
        ) from None
    if "\0" in text:
        raise InputError(f"{name} is not text: it holds NUL bytes; {_FORMATS} is needed, text in UTF-8")
    return text
