"""NPY and NPZ content to a DataSet; pickled objects are never loaded."""

import io
import warnings
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.runtime.columns import choose
from derive.runtime.dataset import DataSet, check_finite, column_labels, real

# What NumPy and zipfile raise on content that is cut short, damaged or pickled.
_DAMAGE = (
    ValueError,
    TypeError,
    OSError,
    EOFError,
    KeyError,
    SyntaxError,
    OverflowError,
    MemoryError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)


def parse_npy(content: bytes, source: str, columns: str | None, without: Sequence[str] = ()) -> DataSet:
    """The array of an NPY file: (N, D), or (N,) for one column. Raises InputError for anything else."""
    return _dataset(_load(content, source), source, columns, without)


def parse_array(content: bytes, source: str) -> NDArray[Any]:
    """The real array of an NPY file, of any number of dimensions. Raises InputError for anything else."""
    return real(_load(content, source), source)


def parse_npz(content: bytes, source: str, columns: str | None, without: Sequence[str] = ()) -> DataSet:
    """The array of an NPZ file: the only one, or the one named X. Raises InputError if neither is there."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [entry.removesuffix(".npy") for entry in archive.namelist() if entry.endswith(".npy")]
            if not names:
                raise InputError(f"{source} is a zip file without NumPy arrays; CSV, NPY or NPZ is needed")
            if len(names) > 1 and "X" not in names:
                raise InputError(f"{source} holds several arrays ({', '.join(names)}); name one of them X")
            name = names[0] if len(names) == 1 else "X"
            member = archive.read(f"{name}.npy")
    except _DAMAGE as error:
        raise InputError(f"{source} is damaged and cannot be read ({_first_line(error)})") from None
    label = f"{source}, array {name!r}"
    return _dataset(_load(member, label), label, columns, without)


def _load(content: bytes, source: str) -> NDArray[Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about headers of old NumPy versions, which it then reads
            return np.asarray(np.load(io.BytesIO(content), allow_pickle=False))
    except _DAMAGE as error:
        if "allow_pickle" in str(error):
            raise InputError(f"{source} holds pickled Python objects, which are not loaded; save numbers") from None
        raise InputError(f"{source} is damaged and cannot be read ({_first_line(error)})") from None


def _dataset(array: NDArray[Any], source: str, columns: str | None, without: Sequence[str]) -> DataSet:
    if array.ndim not in {1, 2}:
        shape = " x ".join(map(str, array.shape)) or "a single number"
        raise InputError(f"{source} has {array.ndim} dimensions ({shape}); rows and columns are needed")
    values = real(array, source)
    table = values[:, None] if values.ndim == 1 else values
    if not table.size:
        raise InputError(f"{source} is empty: {table.shape[0]} rows, {table.shape[1]} columns")
    labels = column_labels(None, table.shape[1])
    chosen = choose(columns, None, table.shape[1], source, without)
    names = tuple(labels[column] for column in chosen)
    selected = np.ascontiguousarray(table[:, chosen])
    check_finite(selected, names, source)
    return DataSet(selected, names, source)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
