"""Where a Gaussian mixture starts: scikit-learn's four ways, drawn from the same random numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans, kmeans_plusplus

Array = NDArray[Any]

WAYS = ("kmeans", "k-means++", "random", "random_from_data")


def start(way: str, X: Array, components: int, sample_weight: Array | None, rng: np.random.RandomState) -> Array:
    """Responsibilities to start from, shape (N, K), in X's type.

    "kmeans": one for the cluster of each row. "k-means++", "random_from_data": one for K rows that are drawn, none for
    all others. "random": uniform, rows summing to one.
    sample_weight: shape (N,), positive; rows are drawn, and clusters weighted, by it.
    """
    rows = len(X)
    if way == "random":
        drawn = rng.uniform(size=(rows, components)).astype(X.dtype)
        return np.asarray(drawn / drawn.sum(axis=1, keepdims=True))
    responsibilities = np.zeros((rows, components), dtype=X.dtype)
    if way == "kmeans":
        clusters = KMeans(components, n_init=1, random_state=rng).fit(X, sample_weight=sample_weight).labels_
        responsibilities[np.arange(rows), clusters] = 1
        return responsibilities
    if way == "k-means++":
        chosen = kmeans_plusplus(X, components, sample_weight=sample_weight, random_state=rng)[1]
    else:
        chances = None if sample_weight is None else sample_weight / sample_weight.sum()
        chosen = rng.choice(rows, size=components, replace=False, p=chances)
    responsibilities[chosen, np.arange(components)] = 1
    return responsibilities
