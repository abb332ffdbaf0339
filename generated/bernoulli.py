"""EM updates for the mixture model ``bernoulli``.

    (2) l_nk = log π_k + ∑_d (x_nd log θ_kd + (1 - x_nd) log(1 - θ_kd))

Independent binary variables, a probability for each component and variable.

Generated from the model ``bernoulli``, derivation 891ef5109911, by ``numpy/module.py.jinja``. Do not edit: change the
model and run ``derive generate bernoulli``. Numbers in parentheses are the derivation's equations:
``derive show bernoulli``.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

MODEL = "bernoulli"
EVENT_SHAPE = ("D",)
PARAMETER_SHAPES = {"weights": ("K",), "probabilities": ("K", "D")}
WEIGHTS = "weights"
KNOWNS: dict[str, tuple[str, ...]] = {}
STATISTIC_SHAPES: dict[str, tuple[str, ...]] = {"counts": ("K",), "sums": ("K", "D"), "log_likelihood": ()}


class Parameters(NamedTuple):
    """The parameters of the model; K components, D coordinates.

    weights: π_k, shape (K,), positive, sum to one.
    probabilities: θ_kd, shape (K, D), between zero and one.
    """

    weights: Array
    probabilities: Array


class Statistics(NamedTuple):
    """Sufficient statistics of some samples: all that the updates need of them.

    counts: (49) N_k = ∑_n γ_nk, shape (K,).
    sums: (50) S¹_kd = ∑_n γ_nk x_nd, shape (K, D).
    log_likelihood: of the samples, at the parameters for which the sums were taken, in nats.
    """

    counts: Array
    sums: Array
    log_likelihood: float


def log_joint(X: Array, parameters: Parameters) -> Array:
    """Log of weight times density, shape (N, K), in nats.

        (2) l_nk = log π_k + ∑_d (x_nd log θ_kd + (1 - x_nd) log(1 - θ_kd))

    X: data, shape (N, D), 0 or 1.
    Raises ValueError where X has another rank, LinAlgError for probabilities not from zero to one.
    """
    X = _data(X)
    weights, probabilities = (np.asarray(value, dtype=X.dtype) for value in parameters)
    if not ((probabilities >= 0) & (probabilities <= 1)).all():
        k = int(np.argmin(((probabilities >= 0) & (probabilities <= 1)).all(axis=1)))
        raise np.linalg.LinAlgError(f"probabilities of component {k} must lie from zero to one: {probabilities[k]}")
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (2) log π_k
    return log_weights + _sum_of_logs(X, probabilities) + _sum_of_logs(1 - X, 1 - probabilities)  # (2)


def e_step(X: Array, parameters: Parameters) -> Array:
    """Responsibilities, the posterior probabilities of the components; shape (N, K), rows sum to one.

        (13) γ_nk = exp(l_nk)/(∑_j exp(l_nj))

    X: data, shape (N, D), 0 or 1.
    """
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    return scaled / totals[:, np.newaxis]  # (13)


def m_step(X: Array, responsibilities: Array, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise the expected complete-data log-likelihood Q.

        (27) θ_kd = 1/N_k ∑_n γ_nk x_nd
        (43) π_k = N_k/N

    X: data, shape (N, D), 0 or 1.
    responsibilities: γ, shape (N, K).
    previous: unused: no update starts from previous values.
    Raises ValueError where X has another rank or a component has no points (N_k = 0).
    """
    X = _data(X)
    responsibilities = np.asarray(responsibilities, dtype=X.dtype)
    N = len(X)
    del previous  # no update starts from previous values
    counts: Array = responsibilities.sum(axis=0)  # (27) N_k = ∑_n γ_nk
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its update (27) is undefined; "
            "use fewer components or another start"
        )
    probabilities = np.minimum(responsibilities.T @ X / counts[:, np.newaxis], 1)  # (27)
    weights = counts / N  # (43)
    return Parameters(weights, probabilities)


def log_likelihood(X: Array, parameters: Parameters) -> float:
    """Log-likelihood of all data, in nats.

        (3) log-likelihood = ∑_n log(∑_k exp(l_nk))

    X: data, shape (N, D), 0 or 1.
    """
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (3)
    totals: Array = np.exp(log_p - largest[:, np.newaxis]).sum(axis=1)  # (3)
    return float((largest + np.log(totals)).sum())  # (3)


def objective(X: Array, parameters: Parameters) -> float:
    """The log-likelihood of all data, in nats: what EM never lowers.

    X: data, shape (N, D), 0 or 1.
    """
    return log_likelihood(X, parameters)


def em_step(X: Array, parameters: Parameters) -> tuple[Parameters, float]:
    """One iteration of EM: new parameters, and the objective at the given ones, in nats.

    X: data, shape (N, D), 0 or 1.
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
    probabilities: K * D.
    """
    return K - 1 + K * D


def statistics(block: Array, parameters: Parameters) -> Statistics:
    """Sufficient statistics of a block of samples, which may be empty: those of blocks are merged.

        (49) N_k = ∑_n γ_nk
        (50) S¹_kd = ∑_n γ_nk x_nd

    block: data, shape (N, D), 0 or 1.
    """
    X = _data(block)
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    responsibilities = scaled / totals[:, np.newaxis]  # (13)
    log_likelihood = float((largest + np.log(totals)).sum())  # (3)
    counts: Array = responsibilities.sum(axis=0)  # (49)
    sums = responsibilities.T @ X  # (50)
    return Statistics(counts, sums, log_likelihood)


def merge(a: Statistics, b: Statistics) -> Statistics:
    """Sufficient statistics of the samples of both."""
    counts = a.counts + b.counts  # (49)
    sums = a.sums + b.sums  # (50)
    return Statistics(counts, sums, a.log_likelihood + b.log_likelihood)


def update(statistics: Statistics, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise Q: those of m_step on the samples that the statistics are of.

        (51) θ_kd = S¹_kd/N_k
        (52) π_k = N_k/(∑_j N_j)

    previous: unused: no update starts from previous values.
    Raises ValueError where a component has no points (N_k = 0).
    """
    counts, sums, _ = statistics
    del previous  # no update starts from previous values
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its update (51) is undefined; "
            "use fewer components or another start"
        )
    probabilities = np.minimum(sums / counts[:, np.newaxis], 1)  # (51)
    total_count = float(counts.sum())  # (52) ∑_j N_j
    weights = counts / total_count  # (52)
    return Parameters(weights, probabilities)


def features(block: Array, out: Array) -> None:
    """Functions of the data in which the log joint is linear, a column for each sample.

        (55) l_nk = η⁰_k + ∑_d η¹_kd x_nd

    block: data, shape (N, D).
    out: array to be filled, shape (D + 1, N): 1; x_nd.
    """
    X = _data(block)
    D: int = X.shape[1]
    out[0] = 1
    out[1 : D + 1] = X.T  # x_nd


def natural_parameters(parameters: Parameters) -> Array:
    """What multiplies the features in the log joint: a row for each component.

        (53) η⁰_k = log π_k + ∑_d log(1 - θ_kd)
        (54) η¹_kd = log θ_kd - log(1 - θ_kd)

    Shape (K, D + 1), in the order of the rows of features.
    """
    weights, probabilities = (np.asarray(value, dtype=np.float64) for value in parameters)
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (53) log π_k
    log_total = np.log(1 - probabilities)  # (53)
    sums: Array = log_total.sum(axis=1)  # (53) ∑_d log(1 - θ_kd)
    eta_0 = log_weights + sums  # (53)
    eta_1 = np.log(probabilities) - log_total  # (54)
    return np.concatenate((eta_0[:, np.newaxis], eta_1), axis=1)


def gather(totals: Array, shared: Array, log_likelihood: float, parameters: Parameters, origin: Array) -> Statistics:
    """Sufficient statistics from sums of features.

        (49) N_k = N_k
        (50) S¹_kd = ∑_n γ_nk x_nd

    totals: of features times responsibilities over the samples, shape (D + 1, K).
    shared: those of the shared features. log_likelihood: of the samples.
    parameters: those at which they were taken, for the sizes.
    origin: what the data were moved by before the features were taken; the statistics are about it.
    """
    del origin, shared  # not needed here
    D: int = parameters.probabilities.shape[1]
    counts = totals[0]  # (49)
    sums = totals[1 : D + 1].T  # (50)
    return Statistics(counts, sums, log_likelihood)


def _data(X: Array) -> Array:
    """X as an array of floats: float32 stays, everything else becomes float64.

    Raises ValueError for another rank, and for data that are not 0 or 1.
    """
    X = np.asarray(X)
    single = X.dtype.kind == "f" and X.dtype.itemsize == 4
    X = np.asarray(X, dtype=np.float32 if single else np.float64)
    if X.ndim != 2:
        raise ValueError(f"X has shape {X.shape}; expected (N, D), one row for each point")
    inside = (X == 0) | (X == 1)
    if not inside.all():
        row = int(np.argwhere(~inside)[0, 0])
        raise ValueError(f"row {row} of X, counted from 0, holds {X[~inside][0]:g}; data must be 0 or 1")
    return X


def _sum_of_logs(weights: Array, values: Array) -> Array:
    """Sums of weight times log value, shape (N, K), where 0 log 0 = 0: what cannot happen costs nothing if it did not.

    weights: shape (N, D), none negative. values: shape (K, D), none negative.
    """
    zero = values == 0
    sums: Array = weights @ np.log(np.where(zero, 1, values)).T
    if zero.any():
        sums[weights @ zero.T > 0] = -np.inf
    return sums
