"""Rows with their sample weights: those of weight zero are left out."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import _check_sample_weight

from derive.runtime.estimator.given import EstimatorError

Array = NDArray[Any]


@dataclass(frozen=True)
class Rows:
    """X: events as the module takes them. weights: shape (N,), positive, or None for ones.

    kept: the rows of the data that these are, or None for all of them.
    """

    X: Array
    weights: Array | None = None
    kept: Array | None = None

    @property
    def count(self) -> int:
        """Their number."""
        return len(self.X)

    @property
    def total(self) -> float:
        """The number of rows that they stand for."""
        return self.count if self.weights is None else float(self.weights.sum())


def weighted_rows(X: Array, sample_weight: Any, estimator: Any) -> Rows:
    """The rows of X that count. Raises EstimatorError for weights that are negative, or all zero."""
    if sample_weight is None:
        return Rows(X)
    weights = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
    kept = np.flatnonzero(weights > 0)
    if not len(kept):
        raise EstimatorError(f"the sample weights of {type(estimator).__name__} are all zero: no row counts")
    return Rows(X[kept], weights[kept], kept)
