"""EM updates for the mixture model ``multinomial``.

    (2) l_nk = log π_k + log Γ(∑_c x_nc + 1) + ∑_c (x_nc log θ_kc - log Γ(x_nc + 1))

Counts of several categories, with the probabilities of each component.

Generated from the model ``multinomial``, derivation ae1d216944c4, by ``numpy/module.py.jinja``. Do not edit: change the
model and run ``derive generate multinomial``. Numbers in parentheses are the derivation's equations:
``derive show multinomial``.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Array = NDArray[np.floating[Any]]

MODEL = "multinomial"
EVENT_SHAPE = ("C",)
PARAMETER_SHAPES = {"weights": ("K",), "probabilities": ("K", "C")}
WEIGHTS = "weights"
KNOWNS: dict[str, tuple[str, ...]] = {}
STATISTIC_SHAPES: dict[str, tuple[str, ...]] = {"counts": ("K",), "sums": ("K", "C"), "log_likelihood": ()}


class Parameters(NamedTuple):
    """The parameters of the model; K components, C coordinates.

    weights: π_k, shape (K,), positive, sum to one.
    probabilities: θ_kc, shape (K, C), positive, sum to one.
    """

    weights: Array
    probabilities: Array


class Statistics(NamedTuple):
    """Sufficient statistics of some samples: all that the updates need of them.

    counts: (50) N_k = ∑_n γ_nk, shape (K,).
    sums: (51) S¹_kc = ∑_n γ_nk x_nc, shape (K, C).
    log_likelihood: of the samples, at the parameters for which the sums were taken, in nats.
    """

    counts: Array
    sums: Array
    log_likelihood: float


def log_joint(X: Array, parameters: Parameters) -> Array:
    """Log of weight times density, shape (N, K), in nats.

        (2) l_nk = log π_k + log Γ(∑_c x_nc + 1) + ∑_c (x_nc log θ_kc - log Γ(x_nc + 1))

    X: data, shape (N, C), whole numbers from 0.
    Raises ValueError where X has another rank.
    """
    X = _data(X)
    weights, probabilities = (np.asarray(value, dtype=X.dtype) for value in parameters)
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (2) log π_k
    sums: Array = X.sum(axis=1)  # (2) ∑_c x_nc
    sums_2: Array = gammaln(X + 1).sum(axis=1)  # (2)
    return (
        log_weights + gammaln(sums[:, np.newaxis] + 1) + _sum_of_logs(X, probabilities) - sums_2[:, np.newaxis]
    )  # (2)


def e_step(X: Array, parameters: Parameters) -> Array:
    """Responsibilities, the posterior probabilities of the components; shape (N, K), rows sum to one.

        (13) γ_nk = exp(l_nk)/(∑_j exp(l_nj))

    X: data, shape (N, C), whole numbers from 0.
    """
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    return scaled / totals[:, np.newaxis]  # (13)


def m_step(X: Array, responsibilities: Array, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise the expected complete-data log-likelihood Q.

        (30) θ_kc = (∑_n γ_nk x_nc)/(∑_j ∑_n γ_nk x_nj)
        (44) π_k = N_k/N

    X: data, shape (N, C), whole numbers from 0.
    responsibilities: γ, shape (N, K).
    previous: unused: no update starts from previous values.
    Raises ValueError where X has another rank or a component has no points (N_k = 0).
    """
    X = _data(X)
    responsibilities = np.asarray(responsibilities, dtype=X.dtype)
    N = len(X)
    del previous  # no update starts from previous values
    counts: Array = responsibilities.sum(axis=0)  # (44) N_k = ∑_n γ_nk
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its update (30) is undefined; "
            "use fewer components or another start"
        )
    sums: Array = X.sum(axis=1)  # (30)
    probabilities = responsibilities.T @ X / (sums @ responsibilities)[:, np.newaxis]  # (30)
    weights = counts / N  # (44)
    return Parameters(weights, probabilities)


def log_likelihood(X: Array, parameters: Parameters) -> float:
    """Log-likelihood of all data, in nats.

        (3) log-likelihood = ∑_n log(∑_k exp(l_nk))

    X: data, shape (N, C), whole numbers from 0.
    """
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (3)
    totals: Array = np.exp(log_p - largest[:, np.newaxis]).sum(axis=1)  # (3)
    return float((largest + np.log(totals)).sum())  # (3)


def objective(X: Array, parameters: Parameters) -> float:
    """The log-likelihood of all data, in nats: what EM never lowers.

    X: data, shape (N, C), whole numbers from 0.
    """
    return log_likelihood(X, parameters)


def em_step(X: Array, parameters: Parameters) -> tuple[Parameters, float]:
    """One iteration of EM: new parameters, and the objective at the given ones, in nats.

    X: data, shape (N, C), whole numbers from 0.
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


def n_parameters(K: int, C: int = 1) -> int:
    """Number of free parameters.

    weights: K - 1.
    probabilities: K * (C - 1).
    """
    return K - 1 + K * (C - 1)


def statistics(block: Array, parameters: Parameters) -> Statistics:
    """Sufficient statistics of a block of samples, which may be empty: those of blocks are merged.

        (50) N_k = ∑_n γ_nk
        (51) S¹_kc = ∑_n γ_nk x_nc

    block: data, shape (N, C), whole numbers from 0.
    """
    X = _data(block)
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    responsibilities = scaled / totals[:, np.newaxis]  # (13)
    log_likelihood = float((largest + np.log(totals)).sum())  # (3)
    counts: Array = responsibilities.sum(axis=0)  # (50)
    sums = responsibilities.T @ X  # (51)
    return Statistics(counts, sums, log_likelihood)


def merge(a: Statistics, b: Statistics) -> Statistics:
    """Sufficient statistics of the samples of both."""
    counts = a.counts + b.counts  # (50)
    sums = a.sums + b.sums  # (51)
    return Statistics(counts, sums, a.log_likelihood + b.log_likelihood)


def update(statistics: Statistics, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise Q: those of m_step on the samples that the statistics are of.

        (52) θ_kc = S¹_kc/(∑_j S¹_kj)
        (53) π_k = N_k/(∑_j N_j)

    previous: unused: no update starts from previous values.
    """
    counts, sums, _ = statistics
    del previous  # no update starts from previous values
    sums_2: Array = sums.sum(axis=1)  # (52) ∑_j S¹_kj
    probabilities = sums / sums_2[:, np.newaxis]  # (52)
    total_count = float(counts.sum())  # (53) ∑_j N_j
    weights = counts / total_count  # (53)
    return Parameters(weights, probabilities)


def features(block: Array, out: Array) -> None:
    """Functions of the data in which the log joint is linear, a column for each sample.

        (58) l_nk = η⁰_k + ∑_c η¹_kc x_nc + η² log Γ(∑_c x_nc + 1) + η³ ∑_c log Γ(x_nc + 1)

    block: data, shape (N, C).
    out: array to be filled, shape (C + 1, N): 1; x_nc.
    """
    X = _data(block)
    C: int = X.shape[1]
    out[0] = 1
    out[1 : C + 1] = X.T  # x_nc


def natural_parameters(parameters: Parameters) -> Array:
    """What multiplies the features in the log joint: a row for each component.

        (54) η⁰_k = log π_k
        (55) η¹_kc = log θ_kc

    Shape (K, C + 1), in the order of the rows of features.
    """
    weights, probabilities = (np.asarray(value, dtype=np.float64) for value in parameters)
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        eta_0 = np.log(weights)  # (54)
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        eta_1 = np.log(probabilities)  # (55)
    return np.concatenate((eta_0[:, np.newaxis], eta_1), axis=1)


def shared_statistics(block: Array) -> Array:
    """Sums over a block of what all components share in the log joint: they need no responsibilities.

    block: data, shape (N, C).
    They are of log Γ(∑_c x_nc + 1); ∑_c log Γ(x_nc + 1).
    """
    X = _data(block)
    sums: Array = X.sum(axis=1)  # (58) ∑_c x_nc
    shared_0 = float(gammaln(sums + 1).sum())  # (58)
    shared_1 = float(gammaln(X + 1).sum())  # (58)
    return np.array([shared_0, shared_1], dtype=np.float64)


def shared_parameters(parameters: Parameters) -> Array:
    """What multiplies the shared statistics in the log-likelihood.

        (56) η² = 1
        (57) η³ = -1

    One number for each of the shared statistics.
    """
    del parameters  # not needed
    eta_2 = 1  # (56)
    eta_3 = -1  # (57)
    return np.array([eta_2, eta_3], dtype=np.float64)


def gather(totals: Array, shared: Array, log_likelihood: float, parameters: Parameters, origin: Array) -> Statistics:
    """Sufficient statistics from sums of features.

        (50) N_k = N_k
        (51) S¹_kc = ∑_n γ_nk x_nc

    totals: of features times responsibilities over the samples, shape (C + 1, K).
    shared: those of the shared features. log_likelihood: of the samples.
    parameters: those at which they were taken, for the sizes.
    origin: what the data were moved by before the features were taken; the statistics are about it.
    """
    del origin, shared  # not needed here
    C: int = parameters.probabilities.shape[1]
    counts = totals[0]  # (50)
    sums = totals[1 : C + 1].T  # (51)
    return Statistics(counts, sums, log_likelihood)


def _data(X: Array) -> Array:
    """X as an array of floats: float32 stays, everything else becomes float64.

    Raises ValueError for another rank, and for data that are not whole numbers from 0.
    """
    X = np.asarray(X)
    single = X.dtype.kind == "f" and X.dtype.itemsize == 4
    X = np.asarray(X, dtype=np.float32 if single else np.float64)
    if X.ndim != 2:
        raise ValueError(f"X has shape {X.shape}; expected (N, C), one row for each point")
    inside = (X >= 0) & (np.floor(X) == X)
    if not inside.all():
        row = int(np.argwhere(~inside)[0, 0])
        raise ValueError(f"row {row} of X, counted from 0, holds {X[~inside][0]:g}; data must be whole numbers from 0")
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
