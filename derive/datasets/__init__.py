"""Small data sets that ship with the package: `path` names the file, `load_faithful` reads one into an array."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError

_FOLDER = Path(__file__).parent

__all__ = ["load_faithful", "names", "path"]


def names() -> tuple[str, ...]:
    """The names that `path` knows, sorted."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.csv")))


def path(name: str) -> Path:
    """Where the CSV file of a data set lies, e.g. ``path("faithful")``. Raises InputError for an unknown name."""
    if name not in names():
        msg = f"no data set is named {name!r}; there is: {', '.join(names())}"
        raise InputError(msg)
    return _FOLDER / f"{name}.csv"


def load_faithful() -> NDArray[np.float64]:
    """Old Faithful: 272 eruptions of the geyser in Yellowstone, shape (272, 2), both columns in minutes.

    Column 0 is the length of an eruption, column 1 the waiting time to the next one. Source: A. Azzalini and
    A. W. Bowman (1990), "A look at some data on the Old Faithful geyser", Applied Statistics 39, 357-365.
    """
    data: NDArray[np.float64] = np.loadtxt(path("faithful"), delimiter=",", skiprows=1)
    return data
