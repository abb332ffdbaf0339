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


def error_bound(natural: Array, largest: Array, dtype: Any) -> float:
    """Return an estimate of the largest error of a log joint, in nats.

    natural: shape (K, F). largest: the largest size of each feature, shape (F,).
    """
    return float(np.finfo(dtype).eps * np.max(np.abs(natural) @ largest))


def largest_products(fill: Callable[..., None], lowest: Array, highest: Array, features: int) -> Array:
    """Return the largest size of each feature that is a product of coordinates: where these are largest in size.

    lowest, highest: of the coordinates.
    """
    ends = np.stack([lowest, highest, np.maximum(np.abs(lowest), np.abs(highest))])
    values = np.empty((features, len(ends)))
    fill(ends, values)
    return np.asarray(np.max(np.abs(values), axis=1))
