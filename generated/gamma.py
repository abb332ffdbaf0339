"""EM updates for the mixture model ``gamma``.

    (2) l_nk = log π_k + α_k log β_k - log Γ(α_k) + (α_k - 1) log x_n - β_k x_n

Gamma, shape and rate for each component.

Generated from the model ``gamma``, derivation 18239501e994, by ``numpy/module.py.jinja``. Do not edit: change the model
and run ``derive generate gamma``. Numbers in parentheses are the derivation's equations: ``derive show gamma``.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize.elementwise import bracket_root, find_root
from scipy.special import digamma, gammaln

Array = NDArray[np.floating[Any]]

MODEL = "gamma"
EVENT_SHAPE: tuple[str, ...] = ()
PARAMETER_SHAPES = {"weights": ("K",), "rates": ("K",), "shapes": ("K",)}
WEIGHTS = "weights"
KNOWNS: dict[str, tuple[str, ...]] = {}
STATISTIC_SHAPES: dict[str, tuple[str, ...]] = {
    "counts": ("K",),
    "sums": ("K",),
    "log_sums": ("K",),
    "log_likelihood": (),
}


class Parameters(NamedTuple):
    """The parameters of the model; K components.

    weights: π_k, shape (K,), positive, sum to one.
    rates: β_k, shape (K,), positive.
    shapes: α_k, shape (K,), positive.
    """

    weights: Array
    rates: Array
    shapes: Array


class Statistics(NamedTuple):
    """Sufficient statistics of some samples: all that the updates need of them.

    counts: (59) N_k = ∑_n γ_nk, shape (K,).
    sums: (60) S¹_k = ∑_n γ_nk x_n, shape (K,).
    log_sums: (61) S²_k = ∑_n γ_nk log x_n, shape (K,).
    log_likelihood: of the samples, at the parameters for which the sums were taken, in nats.
    """

    counts: Array
    sums: Array
    log_sums: Array
    log_likelihood: float


def log_joint(X: Array, parameters: Parameters) -> Array:
    """Log of weight times density, shape (N, K), in nats.

        (2) l_nk = log π_k + α_k log β_k - log Γ(α_k) + (α_k - 1) log x_n - β_k x_n

    X: data, shape (N,) or (N, 1), positive.
    Raises ValueError where X has another rank, LinAlgError for rates or shapes not positive.
    """
    X = _data(X)
    weights, rates, shapes = (np.asarray(value, dtype=X.dtype) for value in parameters)
    if not (rates > 0).all():
        k = int(np.argmin(rates > 0))
        raise np.linalg.LinAlgError(f"rates of component {k} must be positive: {rates[k]}")
    if not (shapes > 0).all():
        k = int(np.argmin(shapes > 0))
        raise np.linalg.LinAlgError(f"shapes of component {k} must be positive: {shapes[k]}")
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (2) log π_k
    return (
        log_weights
        + shapes * np.log(rates)
        + (shapes - 1) * np.log(X[:, np.newaxis])
        - gammaln(shapes)
        - rates * X[:, np.newaxis]
    )  # (2)


def e_step(X: Array, parameters: Parameters) -> Array:
    """Responsibilities, the posterior probabilities of the components; shape (N, K), rows sum to one.

        (13) γ_nk = exp(l_nk)/(∑_j exp(l_nj))

    X: data, shape (N,) or (N, 1), positive.
    """
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    return scaled / totals[:, np.newaxis]  # (13)


def m_step(X: Array, responsibilities: Array, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise the expected complete-data log-likelihood Q.

        (41) α_k = root of (log(α_k N_k/(∑_n γ_nk x_n))) N_k - ψ(α_k) N_k + ∑_n γ_nk log x_n = 0 in α_k
        (27) β_k = α_k N_k/(∑_n γ_nk x_n)
        (53) π_k = N_k/N

    X: data, shape (N,) or (N, 1), positive.
    responsibilities: γ, shape (N, K).
    previous: unused: no update starts from previous values.
    Raises ValueError where X has another rank or a component has no points (N_k = 0).
    """
    X = _data(X)
    responsibilities = np.asarray(responsibilities, dtype=X.dtype)
    N = len(X)
    K: int = responsibilities.shape[1]
    del previous  # no update starts from previous values
    counts: Array = responsibilities.sum(axis=0)  # (41) N_k = ∑_n γ_nk
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its updates (41) and (27) are undefined; "
            "use fewer components or another start"
        )
    product = counts / (responsibilities.T @ X)  # (41)
    weighted_sums = responsibilities.T @ np.log(X)  # (41) ∑_n γ_nk log x_n

    def shapes_slope(shapes: Array, k: Array) -> Array:  # (41) falls past 0
        slope: Array = np.log(product[k] * shapes) * counts[k] + weighted_sums[k] - digamma(shapes) * counts[k]
        return slope

    shapes = _root(shapes_slope, "shapes", (K,), lower=0).astype(X.dtype)  # (41)
    rates = counts * shapes / (responsibilities.T @ X)  # (27)
    weights = counts / N  # (53)
    return Parameters(weights, rates, shapes)


def log_likelihood(X: Array, parameters: Parameters) -> float:
    """Log-likelihood of all data, in nats.

        (3) log-likelihood = ∑_n log(∑_k exp(l_nk))

    X: data, shape (N,) or (N, 1), positive.
    """
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (3)
    totals: Array = np.exp(log_p - largest[:, np.newaxis]).sum(axis=1)  # (3)
    return float((largest + np.log(totals)).sum())  # (3)


def objective(X: Array, parameters: Parameters) -> float:
    """The log-likelihood of all data, in nats: what EM never lowers.

    X: data, shape (N,) or (N, 1), positive.
    """
    return log_likelihood(X, parameters)


def em_step(X: Array, parameters: Parameters) -> tuple[Parameters, float]:
    """One iteration of EM: new parameters, and the objective at the given ones, in nats.

    X: data, shape (N,) or (N, 1), positive.
    The log joint and its exponentials are computed once.
    """
    X = _data(X)
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    responsibilities = scaled / totals[:, np.newaxis]  # (13)
    value = float((largest + np.log(totals)).sum())  # (3)
    return m_step(X, responsibilities, parameters), value


def n_parameters(K: int, D: int = 1) -> int:
    """Number of free parameters.

    weights: K - 1.
    rates: K.
    shapes: K.
    """
    del D  # no parameter has this size
    return K - 1 + K + K


def statistics(block: Array, parameters: Parameters) -> Statistics:
    """Sufficient statistics of a block of samples, which may be empty: those of blocks are merged.

        (59) N_k = ∑_n γ_nk
        (60) S¹_k = ∑_n γ_nk x_n
        (61) S²_k = ∑_n γ_nk log x_n

    block: data, shape (N,) or (N, 1), positive.
    """
    X = _data(block)
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    responsibilities = scaled / totals[:, np.newaxis]  # (13)
    log_likelihood = float((largest + np.log(totals)).sum())  # (3)
    counts: Array = responsibilities.sum(axis=0)  # (59)
    sums = responsibilities.T @ X  # (60)
    log_sums = responsibilities.T @ np.log(X)  # (61)
    return Statistics(counts, sums, log_sums, log_likelihood)


def merge(a: Statistics, b: Statistics) -> Statistics:
    """Sufficient statistics of the samples of both."""
    counts = a.counts + b.counts  # (59)
    sums = a.sums + b.sums  # (60)
    log_sums = a.log_sums + b.log_sums  # (61)
    return Statistics(counts, sums, log_sums, a.log_likelihood + b.log_likelihood)


def update(statistics: Statistics, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise Q: those of m_step on the samples that the statistics are of.

        (62) α_k = root of (log(α_k N_k/S¹_k)) N_k - ψ(α_k) N_k + S²_k = 0 in α_k
        (63) β_k = α_k N_k/S¹_k
        (64) π_k = N_k/(∑_j N_j)

    previous: unused: no update starts from previous values.
    Raises ValueError where a component has no points (N_k = 0).
    """
    counts, sums, log_sums, _ = statistics
    K = len(counts)
    del previous  # no update starts from previous values
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its updates (62) and (63) are undefined; "
            "use fewer components or another start"
        )
    product = counts / sums  # (62)

    def shapes_slope(shapes: Array, k: Array) -> Array:  # (62) falls past 0
        slope: Array = np.log(product[k] * shapes) * counts[k] + log_sums[k] - digamma(shapes) * counts[k]
        return slope

    shapes = _root(shapes_slope, "shapes", (K,), lower=0).astype(counts.dtype)  # (62)
    rates = shapes * counts / sums  # (63)
    total_count = float(counts.sum())  # (64) ∑_j N_j
    weights = counts / total_count  # (64)
    return Parameters(weights, rates, shapes)


def features(block: Array, out: Array) -> None:
    """Functions of the data in which the log joint is linear, a column for each sample.

        (68) l_nk = η⁰_k + η¹_k x_n + η²_k log x_n

    block: data, shape (N,).
    out: array to be filled, shape (3, N): 1; x_n; log x_n.
    """
    X = _data(block)
    feature_2 = np.log(X)  # (68)
    out[0] = 1
    out[1] = X  # x_n
    out[2] = feature_2  # log x_n


def natural_parameters(parameters: Parameters) -> Array:
    """What multiplies the features in the log joint: a row for each component.

        (65) η⁰_k = log π_k + α_k log β_k - log Γ(α_k)
        (66) η¹_k = -β_k
        (67) η²_k = α_k - 1

    Shape (K, 3), in the order of the rows of features.
    """
    weights, rates, shapes = (np.asarray(value, dtype=np.float64) for value in parameters)
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (65) log π_k
    eta_0 = log_weights + shapes * np.log(rates) - gammaln(shapes)  # (65)
    eta_1 = -rates  # (66)
    eta_2 = shapes - 1  # (67)
    return np.concatenate((eta_0[:, np.newaxis], eta_1[:, np.newaxis], eta_2[:, np.newaxis]), axis=1)


def gather(totals: Array, shared: Array, log_likelihood: float, parameters: Parameters, origin: Array) -> Statistics:
    """Sufficient statistics from sums of features.

        (59) N_k = N_k
        (60) S¹_k = ∑_n γ_nk x_n
        (61) S²_k = ∑_n γ_nk log x_n

    totals: of features times responsibilities over the samples, shape (3, K).
    shared: those of the shared features. log_likelihood: of the samples.
    parameters: those at which they were taken, for the sizes.
    origin: what the data were moved by before the features were taken; the statistics are about it.
    """
    del origin, parameters, shared  # not needed here
    counts = totals[0]  # (59)
    sums = totals[1]  # (60)
    log_sums = totals[2]  # (61)
    return Statistics(counts, sums, log_sums, log_likelihood)


def _data(X: Array) -> Array:
    """X as an array of floats: float32 stays, everything else becomes float64.

    Raises ValueError for another rank, and for data that are not positive.
    """
    X = np.asarray(X)
    single = X.dtype.kind == "f" and X.dtype.itemsize == 4
    X = np.asarray(X, dtype=np.float32 if single else np.float64)
    if X.ndim == 2 and X.shape[1] == 1:
        X = np.ascontiguousarray(X[:, 0])
    if X.ndim != 1:
        raise ValueError(f"X has shape {X.shape}; expected (N,) or (N, 1), one number for each point")
    inside = X > 0
    if not inside.all():
        row = int(np.argwhere(~inside)[0, 0])
        raise ValueError(f"row {row} of X, counted from 0, holds {X[~inside][0]:g}; data must be positive")
    return X


def _root(
    slope: Callable[..., Array],
    name: str,
    shape: tuple[int, ...],
    lower: float = -math.inf,
    upper: float = math.inf,
) -> Array:
    """Where a falling function is zero, for each entry of ``name``: a bracket is found, checked and narrowed.

    slope: called with entries and their positions, an array for each axis. lower, upper: ends of the domain.
    Raises ValueError where no bracket is found: the slope keeps its sign, and Q rises to an end of the domain.
    """
    places = tuple(axis.ravel() for axis in np.indices(shape))
    ends = (0.25, 0.75) if upper < math.inf else (0.5, 2.0) if lower > -math.inf else (-1.0, 1.0)
    low, high = (np.full(math.prod(shape), end) for end in ends)
    with np.errstate(all="ignore"):  # far from the root the slope may overflow: such a bracket is not taken
        start = slope(low, *places)
        found = bracket_root(slope, low, high, xmin=lower, xmax=upper, args=places, maxiter=100)
        low, high = found.bracket
        root = find_root(slope, (low, high), args=places)
        # The signs hold a little outside too, unless the slope only vanishes in rounding towards an end.
        below = slope(low - np.minimum(low - lower, 1 + np.abs(low)) / 1024, *places)
        above = slope(high + np.minimum(upper - high, 1 + np.abs(high)) / 1024, *places)
        bad = ~(found.success & root.success & (below > 0) & (above < 0))
        if (np.abs(below) < 1e-6 * np.abs(start)).any():  # so little may be rounding alone, as it is at the root
            rounding = [np.abs(slope(root.x * (1 + j * 2.0**-45), *places)) for j in range(-3, 4)]
            seen = np.abs(slope(low - np.minimum(low - lower, 1 + np.abs(low)) / 2, *places))
            bad |= seen < 32 * np.max(rounding, axis=0)
    if bad.any():
        at = int(np.argmax(bad))
        where = f"[{', '.join(str(place[at]) for place in places)}]" if shape else ""
        end = upper if start[at] > 0 else lower
        raise ValueError(
            f"{name}{where} has no finite maximum: Q keeps rising as it goes to {end:g}; "
            "a prior on it, or fewer components, would bound it"
        )
    return np.asarray(root.x).reshape(shape)
