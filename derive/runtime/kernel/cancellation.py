"""How many digits the features may lose: large terms of the log joint that cancel leave their rounding behind.

A log joint of terms t_j = η_j φ_j(x) is known to eps Σ_j |t_j|: Higham 2002, Accuracy and Stability of Numerical
Algorithms, (3.4), up to a small factor.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
TOLERANCE = {"float64": 1e-10, "float32": 1e-4}  # in nats: how far rounding may move a log joint


def error_bound(fill: Callable[..., None], natural: Array, lowest: Array, highest: Array, dtype: Any) -> float:
    """Return an estimate of the largest error of a log joint, in nats.

    natural: shape (K, F). lowest, highest: of the data, as they enter the features. Features are largest in size where
    the data are, at one end or the other: products of coordinates and functions that rise or fall are.
    """
    ends = np.stack([lowest, highest, np.maximum(np.abs(lowest), np.abs(highest))])
    values = np.empty((natural.shape[1], len(ends)))
    with np.errstate(all="ignore"):
        fill(ends, values)
        terms = np.abs(natural) @ np.nanmax(np.abs(values), axis=1)
    return float(np.finfo(dtype).eps * np.max(terms))
