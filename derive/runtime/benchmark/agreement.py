"""Whether two programs computed the same: a time for another result would say nothing."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
TOLERANCE = 1e-6


def difference(found: Sequence[Array], expected: Sequence[Array]) -> float:
    """The largest difference of parameters, relative to the largest entry of each array; inf where shapes differ.

    Arrays of the same number of entries are compared in the shape of the expected ones, since programs differ in how
    they shape scalars. NaN counts as inf.
    """
    if len(found) != len(expected):
        return np.inf
    worst = 0.0
    for one, other in zip(found, expected, strict=True):
        one, other = np.asarray(one), np.asarray(other)  # noqa: PLW2901 - the same, as arrays
        if one.size != other.size:
            return np.inf
        scale = np.abs(other).max(initial=0.0) or 1.0
        largest = float((np.abs(one.reshape(other.shape) - other) / scale).max(initial=0.0))
        worst = max(worst, largest if np.isfinite(largest) else np.inf)
    return worst
