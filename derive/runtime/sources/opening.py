"""From what a user has, an object or a file, to a source."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from derive.errors import InputError
from derive.runtime.dataset import as_array
from derive.runtime.sources.arrays import ArraySource, NpySource, ZarrSource, open_zarr
from derive.runtime.sources.frames import PACKAGES, FrameSource
from derive.runtime.sources.iterables import IterableSource
from derive.runtime.sources.parquet import open_parquet
from derive.runtime.sources.protocol import Source

_PARQUET = {".parquet", ".pq"}


def as_source(data: Any, name: str = "X") -> Source:
    """The rows of an array, a memory map, a frame, a Zarr array, a file, or an iterable of blocks.

    data: an array (N, D) or (N,), a pandas or polars frame, a path, or anything that gives blocks of rows each time it
    is iterated. name: for messages. Raises InputError for what can be walked once only, or is none of these.
    """
    package = type(data).__module__.partition(".")[0]
    if isinstance(data, str | Path):
        return open_source(Path(data))
    if hasattr(data, "blocks") and hasattr(data, "parts") and hasattr(data, "width"):
        found: Source = data
        return found
    if package in PACKAGES:
        return FrameSource(data.to_frame() if hasattr(data, "to_frame") else data, name)  # a series is one column
    if package == "zarr":
        return ZarrSource(data, name)
    if hasattr(data, "__array__"):  # whose rows, were it iterated, would be taken for blocks
        has_slices = isinstance(getattr(data, "dtype", None), np.dtype) and hasattr(data, "shape")
        return ArraySource(data if has_slices else as_array(data, name), name)
    if isinstance(data, Iterable):
        return IterableSource(data, name)
    raise InputError(f"{name} is a {type(data).__name__}; an array, a frame, a file or blocks of rows are needed")


def is_stored(path: Path) -> bool:
    """Whether this is a file or a folder of a format that can be read in blocks: NPY, Parquet or Zarr."""
    try:
        if not path.exists():
            return False
        return path.suffix.lower() in {".npy", *_PARQUET} or (path.is_dir() and bool(_kind_of_folder(path)))
    except (OSError, ValueError):  # a name that no file can have: who reads it says so
        return False


def open_source(path: Path) -> Source:
    """The rows of an NPY or Parquet file, a folder of Parquet files, or a Zarr array.

    Raises InputError for a file that is not there or of another format, and where the package that reads it is missing.
    """
    if not path.exists():
        raise InputError(f"{path}: no such file")
    if path.suffix.lower() in _PARQUET or (path.is_dir() and _kind_of_folder(path) == "parquet"):
        return open_parquet(path)
    if path.suffix.lower() == ".npy":
        return NpySource(path)
    if path.is_dir() and _kind_of_folder(path) == "zarr":
        return open_zarr(path)
    raise InputError(f"{path} cannot be read in blocks; NPY, Parquet or Zarr is needed")


def _kind_of_folder(path: Path) -> str:
    if path.suffix.lower() == ".zarr" or any((path / name).exists() for name in ("zarr.json", ".zarray")):
        return "zarr"
    return "parquet" if next(path.rglob("*.parquet"), None) is not None else ""
