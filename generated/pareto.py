"""EM updates for the mixture model ``pareto``.

    (2) l_nk = log π_k + log α_k + α_k log m - (α_k + 1) log x_n

Pareto with a known smallest value, a shape (tail index) for each component.

Generated from the model ``pareto``, derivation 8f747b5d00c3, by ``numpy/module.py.jinja``. Do not edit: change the
model and run ``derive generate pareto``. Numbers in parentheses are the derivation's equations: ``derive show pareto``.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

MODEL = "pareto"
EVENT_SHAPE: tuple[str, ...] = ()
PARAMETER_SHAPES = {"weights": ("K",), "shapes": ("K",)}
WEIGHTS = "weights"
KNOWNS = {"scale": ()}
STATISTIC_SHAPES: dict[str, tuple[str, ...]] = {"counts": ("K",), "log_sums": ("K",), "log_likelihood": ()}


class Parameters(NamedTuple):
    """The parameters of the model; K components.

    weights: π_k, shape (K,), positive, sum to one.
    shapes: α_k, shape (K,), positive.
    """

    weights: Array
    shapes: Array


class Statistics(NamedTuple):
    """Sufficient statistics of some samples: all that the updates need of them.

    counts: (47) N_k = ∑_n γ_nk, shape (K,).
    log_sums: (48) S¹_k = ∑_n γ_nk (log x_n - log m), shape (K,).
    log_likelihood: of the samples, at the parameters for which the sums were taken, in nats.
    """

    counts: Array
    log_sums: Array
    log_likelihood: float


def log_joint(X: Array, parameters: Parameters, *, scale: Array) -> Array:
    """Log of weight times density, shape (N, K), in nats.

        (2) l_nk = log π_k + log α_k + α_k log m - (α_k + 1) log x_n

    X: data, shape (N,) or (N, 1), at least scale.
    scale: known m, shape (), positive.
    Raises ValueError where X has another rank, LinAlgError for shapes not positive.
    """
    X = _data(X, scale)
    weights, shapes = (np.asarray(value, dtype=X.dtype) for value in parameters)
    scale = np.asarray(scale, dtype=X.dtype)
    if not (scale > 0).all():
        raise ValueError("scale must be positive")
    if not (shapes > 0).all():
        k = int(np.argmin(shapes > 0))
        raise np.linalg.LinAlgError(f"shapes of component {k} must be positive: {shapes[k]}")
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (2) log π_k
    return log_weights + np.log(shapes) + shapes * np.log(scale) - (shapes + 1) * np.log(X[:, np.newaxis])  # (2)


def e_step(X: Array, parameters: Parameters, *, scale: Array) -> Array:
    """Responsibilities, the posterior probabilities of the components; shape (N, K), rows sum to one.

        (13) γ_nk = exp(l_nk)/(∑_j exp(l_nj))

    X: data, shape (N,) or (N, 1), at least scale.
    scale: known m, shape (), positive.
    """
    log_p = log_joint(X, parameters, scale=scale)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    return scaled / totals[:, np.newaxis]  # (13)


def m_step(X: Array, responsibilities: Array, previous: Parameters | None = None, *, scale: Array) -> Parameters:
    """Parameters that maximise the expected complete-data log-likelihood Q.

        (27) α_k = N_k/(∑_n γ_nk (log x_n - log m))
        (41) π_k = N_k/N

    X: data, shape (N,) or (N, 1), at least scale.
    responsibilities: γ, shape (N, K).
    previous: unused: no update starts from previous values.
    scale: known m, shape (), positive.
    Raises ValueError where X has another rank or a component has no points (N_k = 0).
    """
    X = _data(X, scale)
    responsibilities = np.asarray(responsibilities, dtype=X.dtype)
    scale = np.asarray(scale, dtype=X.dtype)
    N = len(X)
    if not (scale > 0).all():
        raise ValueError("scale must be positive")
    del previous  # no update starts from previous values
    counts: Array = responsibilities.sum(axis=0)  # (27) N_k = ∑_n γ_nk
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its update (27) is undefined; "
            "use fewer components or another start"
        )
    shapes = counts / (responsibilities.T @ (np.log(X) - np.log(scale)))  # (27)
    weights = counts / N  # (41)
    return Parameters(weights, shapes)


def log_likelihood(X: Array, parameters: Parameters, *, scale: Array) -> float:
    """Log-likelihood of all data, in nats.

        (3) log-likelihood = ∑_n log(∑_k exp(l_nk))

    X: data, shape (N,) or (N, 1), at least scale.
    scale: known m, shape (), positive.
    """
    log_p = log_joint(X, parameters, scale=scale)  # (2)
    largest: Array = log_p.max(axis=1)  # (3)
    totals: Array = np.exp(log_p - largest[:, np.newaxis]).sum(axis=1)  # (3)
    return float((largest + np.log(totals)).sum())  # (3)


def objective(X: Array, parameters: Parameters, *, scale: Array) -> float:
    """The log-likelihood of all data, in nats: what EM never lowers.

    X: data, shape (N,) or (N, 1), at least scale.
    scale: known m, shape (), positive.
    """
    return log_likelihood(X, parameters, scale=scale)


def em_step(X: Array, parameters: Parameters, *, scale: Array) -> tuple[Parameters, float]:
    """One iteration of EM: new parameters, and the objective at the given ones, in nats.

    X: data, shape (N,) or (N, 1), at least scale.
    scale: known m, shape (), positive.
    The log joint and its exponentials are computed once.
    """
    X = _data(X, scale)
    log_p = log_joint(X, parameters, scale=scale)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    responsibilities = scaled / totals[:, np.newaxis]  # (13)
    value = float((largest + np.log(totals)).sum())  # (3)
    return m_step(X, responsibilities, parameters, scale=scale), value


def n_parameters(K: int, D: int = 1) -> int:
    """Number of free parameters.

    weights: K - 1.
    shapes: K.
    """
    del D  # no parameter has this size
    return K - 1 + K


def statistics(block: Array, parameters: Parameters, *, scale: Array) -> Statistics:
    """Sufficient statistics of a block of samples, which may be empty: those of blocks are merged.

        (47) N_k = ∑_n γ_nk
        (48) S¹_k = ∑_n γ_nk (log x_n - log m)

    block: data, shape (N,) or (N, 1), at least scale.
    scale: known m, shape (), positive.
    """
    X = _data(block, scale)
    log_p = log_joint(X, parameters, scale=scale)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    responsibilities = scaled / totals[:, np.newaxis]  # (13)
    log_likelihood = float((largest + np.log(totals)).sum())  # (3)
    scale = np.asarray(scale, dtype=X.dtype)
    counts: Array = responsibilities.sum(axis=0)  # (47)
    log_sums = responsibilities.T @ (np.log(X) - np.log(scale))  # (48)
    return Statistics(counts, log_sums, log_likelihood)


def merge(a: Statistics, b: Statistics) -> Statistics:
    """Sufficient statistics of the samples of both."""
    counts = a.counts + b.counts  # (47)
    log_sums = a.log_sums + b.log_sums  # (48)
    return Statistics(counts, log_sums, a.log_likelihood + b.log_likelihood)


def update(statistics: Statistics, previous: Parameters | None = None, *, scale: Array) -> Parameters:
    """Parameters that maximise Q: those of m_step on the samples that the statistics are of.

        (49) α_k = N_k/S¹_k
        (50) π_k = N_k/(∑_j N_j)

    previous: unused: no update starts from previous values.
    Raises ValueError where a component has no points (N_k = 0).
    """
    counts, log_sums, _ = statistics
    del scale  # not needed here
    del previous  # no update starts from previous values
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its update (49) is undefined; "
            "use fewer components or another start"
        )
    shapes = counts / log_sums  # (49)
    total_count = float(counts.sum())  # (50) ∑_j N_j
    weights = counts / total_count  # (50)
    return Parameters(weights, shapes)


def features(block: Array, out: Array, *, scale: Array) -> None:
    """Functions of the data in which the log joint is linear, a column for each sample.

        (53) l_nk = η⁰_k + η¹_k log x_n

    block: data, shape (N,).
    scale: known m, shape (), positive.
    out: array to be filled, shape (3, N): 1; log x_n; log x_n - log m.
    """
    X = _data(block, scale)
    scale = np.asarray(scale, dtype=X.dtype)
    feature_1 = np.log(X)  # (53)
    feature_2 = feature_1 - np.log(scale)  # (53)
    out[0] = 1
    out[1] = feature_1  # log x_n
    out[2] = feature_2  # log x_n - log m


def natural_parameters(parameters: Parameters, *, scale: Array) -> Array:
    """What multiplies the features in the log joint: a row for each component.

        (51) η⁰_k = log π_k + log α_k + α_k log m
        (52) η¹_k = -(α_k + 1)

    scale: known m, shape (), positive.
    Shape (K, 3), in the order of the rows of features.
    """
    weights, shapes = (np.asarray(value, dtype=np.float64) for value in parameters)
    scale = np.asarray(scale, dtype=np.float64)
    K = len(weights)
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (51) log π_k
    eta_0 = log_weights + np.log(shapes) + shapes * np.log(scale)  # (51)
    eta_1 = -(shapes + 1)  # (52)
    return np.concatenate((eta_0[:, np.newaxis], eta_1[:, np.newaxis], np.zeros((K, 3 - (2)))), axis=1)


def gather(totals: Array, shared: Array, log_likelihood: float, parameters: Parameters, origin: Array) -> Statistics:
    """Sufficient statistics from sums of features.

        (47) N_k = N_k
        (48) S¹_k = ∑_n γ_nk (log x_n - log m)

    totals: of features times responsibilities over the samples, shape (3, K).
    shared: those of the shared features. log_likelihood: of the samples.
    parameters: those at which they were taken, for the sizes.
    origin: what the data were moved by before the features were taken; the statistics are about it.
    """
    del origin, parameters, shared  # not needed here
    counts = totals[0]  # (47)
    log_sums = totals[2]  # (48)
    return Statistics(counts, log_sums, log_likelihood)


def _data(X: Array, scale: Array) -> Array:
    """X as an array of floats: float32 stays, everything else becomes float64.

    Raises ValueError for another rank, and for data that are not at least scale.
    """
    X = np.asarray(X)
    single = X.dtype.kind == "f" and X.dtype.itemsize == 4
    X = np.asarray(X, dtype=np.float32 if single else np.float64)
    if X.ndim == 2 and X.shape[1] == 1:
        X = np.ascontiguousarray(X[:, 0])
    if X.ndim != 1:
        raise ValueError(f"X has shape {X.shape}; expected (N,) or (N, 1), one number for each point")
    inside = np.asarray(scale, dtype=X.dtype) <= X
    if not inside.all():
        row = int(np.argwhere(~inside)[0, 0])
        raise ValueError(f"row {row} of X, counted from 0, holds {X[~inside][0]:g}; data must be at least scale")
    return X
