"""Where EM starts: responsibilities from a rough clustering of the standardised columns."""

import math
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from derive.errors import FitError, InputError

Init = Literal["kmeans", "k-means++", "random"]
INITS: tuple[str, ...] = get_args(Init)

_LLOYD_STEPS = 10
_SHARE_OF_OTHERS = 0.1  # of each row, for components with densities of their own
_SOFTNESS = 0.01  # share of each row that is spread over all components, so that no first covariance is singular


def initial_responsibilities(
    X: NDArray[Any],
    k: int,
    rng: np.random.Generator,
    init: str = "kmeans",
    labels: NDArray[np.intp] | None = None,
) -> NDArray[np.floating[Any]]:
    """Responsibilities to start from, shape (N, K), rows summing to one, in X's type.

    X: (N,) or (N, D). init: "kmeans" is k-means++ seeding and a few Lloyd steps; "k-means++" the seeding alone;
    "random" takes K random rows as centres. Columns are standardised first, so units do not matter.
    labels: (N,), the component of each row where it is not -1. Components with labelled rows start from their mean,
    and keep these rows (seeded k-means: Basu, Banerjee and Mooney 2002).
    Raises FitError if X has fewer than K distinct rows, InputError for an unknown init.
    """
    if init not in INITS:
        raise InputError(f"--init {init!r} is unknown; there is: {', '.join(INITS)}")
    Z = standardise(X)
    given = np.full(len(Z), -1) if labels is None else labels
    known = np.unique(given[given >= 0])
    taken = np.stack([Z[given == j].mean(axis=0) for j in known]) if len(known) else Z[:0]
    found = _random_rows(Z, k, rng, taken) if init == "random" else _seeds(Z, k, rng, taken)
    centres = np.empty((k, Z.shape[1]))
    centres[known] = taken
    centres[np.setdiff1d(np.arange(k), known)] = found
    clusters = _nearest(Z, centres, given)
    if init == "kmeans":
        clusters = _lloyd(Z, centres, clusters, given)
    responsibilities = np.full((len(Z), k), _SOFTNESS / k)
    responsibilities[np.arange(len(Z)), clusters] += 1 - _SOFTNESS
    return responsibilities.astype(X.dtype)


def with_others(responsibilities: NDArray[Any], others: int) -> NDArray[Any]:
    """Responsibilities of further components, each with a small share of every row, beside those of the first K."""
    if not others:
        return responsibilities
    share = np.full((len(responsibilities), others), _SHARE_OF_OTHERS / others, dtype=responsibilities.dtype)
    return np.concatenate([(1 - _SHARE_OF_OTHERS) * responsibilities, share], axis=1)


def standardise(X: NDArray[Any]) -> NDArray[np.float64]:
    """Columns with mean zero and standard deviation one, shape (N, D); a constant column becomes zero."""
    table = np.asarray(X, dtype=np.float64).reshape(len(X), -1)
    constant = np.ptp(table, axis=0) == 0
    centred = table - table.mean(axis=0)
    spread = centred.std(axis=0)
    spread[constant | (spread == 0)] = 1.0
    centred[:, constant] = 0.0
    return np.asarray(centred / spread)


def _distances(Z: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Squared distances (N, K); a loop over the few centres keeps memory at (N, D)."""
    return np.stack([np.square(Z - centre).sum(axis=1) for centre in centres], axis=1)


def _nearest(Z: NDArray[np.float64], centres: NDArray[np.float64], given: NDArray[np.intp]) -> NDArray[np.intp]:
    """The cluster of each row: the given one, else that of the nearest centre."""
    return np.where(given >= 0, given, np.argmin(_distances(Z, centres), axis=1))


def _seeds(Z: NDArray[np.float64], k: int, rng: np.random.Generator, taken: NDArray[np.float64]) -> NDArray[np.float64]:
    """Greedy k-means++: rows are drawn with probability proportional to their squared distance; the best draw stays.

    taken: centres that are there already, at most K; those that are missing are returned.
    """
    if len(taken) == k:
        return Z[:0]
    chosen = [] if len(taken) else [int(rng.integers(len(Z)))]
    nearest = _distances(Z, np.concatenate([taken, Z[chosen]])).min(axis=1)
    draws = 2 + int(math.log(k))
    while len(taken) + len(chosen) < k:
        total = nearest.sum()
        if not total > 0:
            _too_few_rows(len(taken) + len(chosen), k)
        drawn = [int(row) for row in rng.choice(len(Z), size=draws, p=nearest / total)]
        remaining = [np.minimum(nearest, np.square(Z - Z[row]).sum(axis=1)) for row in drawn]
        best = int(np.argmin([distances.sum() for distances in remaining]))
        chosen.append(drawn[best])
        nearest = remaining[best]
    return Z[chosen]


def _random_rows(
    Z: NDArray[np.float64], k: int, rng: np.random.Generator, taken: NDArray[np.float64]
) -> NDArray[np.float64]:
    distinct = np.unique(Z, axis=0)
    if len(distinct) < k:
        _too_few_rows(len(distinct), k)
    return distinct[rng.choice(len(distinct), size=k - len(taken), replace=False)]


def _too_few_rows(distinct: int, k: int) -> None:
    rows = "row" if distinct == 1 else "rows"
    raise FitError(
        f"component {distinct} has no points of its own: the data hold only {distinct} distinct {rows}, "
        f"fewer than K = {k}; use -k {distinct} or less"
    )


def _lloyd(
    Z: NDArray[np.float64], centres: NDArray[np.float64], labels: NDArray[np.intp], given: NDArray[np.intp]
) -> NDArray[np.intp]:
    for _ in range(_LLOYD_STEPS):
        held = np.bincount(labels, minlength=len(centres)) > 0
        means = [Z[labels == j].mean(axis=0) if held[j] else centres[j] for j in range(len(centres))]
        moved = _nearest(Z, np.stack(means), given)
        if np.array_equal(moved, labels):
            break
        labels = moved
    return labels
