"""EM updates for the mixture model ``poisson``.

    (2) l_nk = log π_k + x_n log(e_n λ_k) - e_n λ_k - log Γ(x_n + 1)

Poisson counts with known exposures, a rate per unit of exposure for each component.

Generated from the model ``poisson``, derivation 9c22d941d4b3, by ``numpy/module.py.jinja``. Do not edit: change the
model and run ``derive generate poisson``. Numbers in parentheses are the derivation's equations:
``derive show poisson``.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Array = NDArray[np.floating[Any]]

MODEL = "poisson"
EVENT_SHAPE: tuple[str, ...] = ()
PARAMETER_SHAPES = {"weights": ("K",), "rates": ("K",)}
WEIGHTS = "weights"
KNOWNS = {"exposures": ("N",)}
STATISTIC_SHAPES: dict[str, tuple[str, ...]] = {
    "counts": ("K",),
    "exposures_sums": ("K",),
    "sums": ("K",),
    "log_likelihood": (),
}


class Parameters(NamedTuple):
    """The parameters of the model; K components.

    weights: π_k, shape (K,), positive, sum to one.
    rates: λ_k, shape (K,), positive.
    """

    weights: Array
    rates: Array


class Statistics(NamedTuple):
    """Sufficient statistics of some samples: all that the updates need of them.

    counts: (47) N_k = ∑_n γ_nk, shape (K,).
    exposures_sums: (48) S¹_k = ∑_n γ_nk e_n, shape (K,).
    sums: (49) S²_k = ∑_n γ_nk x_n, shape (K,).
    log_likelihood: of the samples, at the parameters for which the sums were taken, in nats.
    """

    counts: Array
    exposures_sums: Array
    sums: Array
    log_likelihood: float


def log_joint(X: Array, parameters: Parameters, *, exposures: Array) -> Array:
    """Log of weight times density, shape (N, K), in nats.

        (2) l_nk = log π_k + x_n log(e_n λ_k) - e_n λ_k - log Γ(x_n + 1)

    X: data, shape (N,) or (N, 1), whole numbers from 0.
    exposures: known e_n, shape (N,), positive.
    Raises ValueError where X has another rank, LinAlgError for rates negative.
    """
    X = _data(X)
    weights, rates = (np.asarray(value, dtype=X.dtype) for value in parameters)
    exposures = np.asarray(exposures, dtype=X.dtype)
    if not (exposures > 0).all():
        raise ValueError("exposures must be positive")
    if not (rates >= 0).all():
        k = int(np.argmin(rates >= 0))
        raise np.linalg.LinAlgError(f"rates of component {k} must be zero or more: {rates[k]}")
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (2) log π_k
    return (
        log_weights
        + X[:, np.newaxis] * np.log(exposures[:, np.newaxis])
        + _sum_of_logs(X[:, np.newaxis], rates[:, np.newaxis])
        - exposures[:, np.newaxis] * rates
        - gammaln(X[:, np.newaxis] + 1)
    )  # (2)


def e_step(X: Array, parameters: Parameters, *, exposures: Array) -> Array:
    """Responsibilities, the posterior probabilities of the components; shape (N, K), rows sum to one.

        (13) γ_nk = exp(l_nk)/(∑_j exp(l_nj))

    X: data, shape (N,) or (N, 1), whole numbers from 0.
    exposures: known e_n, shape (N,), positive.
    """
    log_p = log_joint(X, parameters, exposures=exposures)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    return scaled / totals[:, np.newaxis]  # (13)


def m_step(X: Array, responsibilities: Array, previous: Parameters | None = None, *, exposures: Array) -> Parameters:
    """Parameters that maximise the expected complete-data log-likelihood Q.

        (27) λ_k = 1/(∑_n γ_nk e_n) ∑_n γ_nk x_n
        (41) π_k = N_k/N

    X: data, shape (N,) or (N, 1), whole numbers from 0.
    responsibilities: γ, shape (N, K).
    previous: unused: no update starts from previous values.
    exposures: known e_n, shape (N,), positive.
    Raises ValueError where X has another rank or a component has no points (N_k = 0).
    """
    X = _data(X)
    responsibilities = np.asarray(responsibilities, dtype=X.dtype)
    exposures = np.asarray(exposures, dtype=X.dtype)
    N = len(X)
    if not (exposures > 0).all():
        raise ValueError("exposures must be positive")
    del previous  # no update starts from previous values
    weighted_counts = responsibilities.T @ exposures  # (27) ∑_n γ_nk e_n
    if not (weighted_counts > 0).all():
        empty = int(np.argmin(weighted_counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its update (27) is undefined; "
            "use fewer components or another start"
        )
    rates = responsibilities.T @ X / weighted_counts  # (27)
    counts: Array = responsibilities.sum(axis=0)  # (41) N_k = ∑_n γ_nk
    weights = counts / N  # (41)
    return Parameters(weights, rates)


def log_likelihood(X: Array, parameters: Parameters, *, exposures: Array) -> float:
    """Log-likelihood of all data, in nats.

        (3) log-likelihood = ∑_n log(∑_k exp(l_nk))

    X: data, shape (N,) or (N, 1), whole numbers from 0.
    exposures: known e_n, shape (N,), positive.
    """
    log_p = log_joint(X, parameters, exposures=exposures)  # (2)
    largest: Array = log_p.max(axis=1)  # (3)
    totals: Array = np.exp(log_p - largest[:, np.newaxis]).sum(axis=1)  # (3)
    return float((largest + np.log(totals)).sum())  # (3)


def objective(X: Array, parameters: Parameters, *, exposures: Array) -> float:
    """The log-likelihood of all data, in nats: what EM never lowers.

    X: data, shape (N,) or (N, 1), whole numbers from 0.
    exposures: known e_n, shape (N,), positive.
    """
    return log_likelihood(X, parameters, exposures=exposures)


def em_step(X: Array, parameters: Parameters, *, exposures: Array) -> tuple[Parameters, float]:
    """One iteration of EM: new parameters, and the objective at the given ones, in nats.

    X: data, shape (N,) or (N, 1), whole numbers from 0.
    exposures: known e_n, shape (N,), positive.
    The log joint and its exponentials are computed once.
    """
    X = _data(X)
    log_p = log_joint(X, parameters, exposures=exposures)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    responsibilities = scaled / totals[:, np.newaxis]  # (13)
    value = float((largest + np.log(totals)).sum())  # (3)
    return m_step(X, responsibilities, parameters, exposures=exposures), value


def n_parameters(K: int, D: int = 1) -> int:
    """Number of free parameters.

    weights: K - 1.
    rates: K.
    """
    del D  # no parameter has this size
    return K - 1 + K


def statistics(block: Array, parameters: Parameters, *, exposures: Array) -> Statistics:
    """Sufficient statistics of a block of samples, which may be empty: those of blocks are merged.

        (47) N_k = ∑_n γ_nk
        (48) S¹_k = ∑_n γ_nk e_n
        (49) S²_k = ∑_n γ_nk x_n

    block: data, shape (N,) or (N, 1), whole numbers from 0.
    exposures: known e_n, shape (N,), positive.
    """
    X = _data(block)
    log_p = log_joint(X, parameters, exposures=exposures)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    responsibilities = scaled / totals[:, np.newaxis]  # (13)
    log_likelihood = float((largest + np.log(totals)).sum())  # (3)
    exposures = np.asarray(exposures, dtype=X.dtype)
    counts: Array = responsibilities.sum(axis=0)  # (47)
    exposures_sums = responsibilities.T @ exposures  # (48)
    sums = responsibilities.T @ X  # (49)
    return Statistics(counts, exposures_sums, sums, log_likelihood)


def merge(a: Statistics, b: Statistics) -> Statistics:
    """Sufficient statistics of the samples of both."""
    counts = a.counts + b.counts  # (47)
    exposures_sums = a.exposures_sums + b.exposures_sums  # (48)
    sums = a.sums + b.sums  # (49)
    return Statistics(counts, exposures_sums, sums, a.log_likelihood + b.log_likelihood)


def update(statistics: Statistics, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise Q: those of m_step on the samples that the statistics are of.

        (50) λ_k = S²_k/S¹_k
        (51) π_k = N_k/(∑_j N_j)

    previous: unused: no update starts from previous values.
    Raises ValueError where a component has no points (N_k = 0).
    """
    counts, exposures_sums, sums, _ = statistics
    del previous  # no update starts from previous values
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its update (50) is undefined; "
            "use fewer components or another start"
        )
    rates = sums / exposures_sums  # (50)
    total_count = float(counts.sum())  # (51) ∑_j N_j
    weights = counts / total_count  # (51)
    return Parameters(weights, rates)


def features(block: Array, out: Array, *, exposures: Array) -> None:
    """Functions of the data in which the log joint is linear, a column for each sample.

        (57) l_nk = η⁰_k + η¹_k x_n + η²_k e_n + η³ x_n log e_n + η⁴ log Γ(x_n + 1)

    block: data, shape (N,).
    exposures: known e_n, shape (N,), positive.
    out: array to be filled, shape (3, N): 1; x_n; e_n.
    """
    X = _data(block)
    exposures = np.asarray(exposures, dtype=X.dtype)
    out[0] = 1
    out[1] = X  # x_n
    out[2] = exposures  # e_n


def natural_parameters(parameters: Parameters) -> Array:
    """What multiplies the features in the log joint: a row for each component.

        (52) η⁰_k = log π_k
        (53) η¹_k = log λ_k
        (54) η²_k = -λ_k

    Shape (K, 3), in the order of the rows of features.
    """
    weights, rates = (np.asarray(value, dtype=np.float64) for value in parameters)
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        eta_0 = np.log(weights)  # (52)
    eta_1 = np.log(rates)  # (53)
    eta_2 = -rates  # (54)
    return np.concatenate((eta_0[:, np.newaxis], eta_1[:, np.newaxis], eta_2[:, np.newaxis]), axis=1)


def shared_statistics(block: Array, *, exposures: Array) -> Array:
    """Sums over a block of what all components share in the log joint: they need no responsibilities.

    block: data, shape (N,).
    exposures: known e_n, shape (N,), positive.
    They are of x_n log e_n; log Γ(x_n + 1).
    """
    X = _data(block)
    exposures = np.asarray(exposures, dtype=X.dtype)
    shared_0 = float(X @ np.log(exposures))  # (57)
    shared_1 = float(gammaln(X + 1).sum())  # (57)
    return np.array([shared_0, shared_1], dtype=np.float64)


def shared_parameters(parameters: Parameters) -> Array:
    """What multiplies the shared statistics in the log-likelihood.

        (55) η³ = 1
        (56) η⁴ = -1

    One number for each of the shared statistics.
    """
    del parameters  # not needed
    eta_3 = 1  # (55)
    eta_4 = -1  # (56)
    return np.array([eta_3, eta_4], dtype=np.float64)


def gather(totals: Array, shared: Array, log_likelihood: float, parameters: Parameters, origin: Array) -> Statistics:
    """Sufficient statistics from sums of features.

        (47) N_k = N_k
        (48) S¹_k = ∑_n γ_nk e_n
        (49) S²_k = ∑_n γ_nk x_n

    totals: of features times responsibilities over the samples, shape (3, K).
    shared: those of the shared features. log_likelihood: of the samples.
    parameters: those at which they were taken, for the sizes.
    origin: what the data were moved by before the features were taken; the statistics are about it.
    """
    del origin, parameters, shared  # not needed here
    counts = totals[0]  # (47)
    exposures_sums = totals[2]  # (48)
    sums = totals[1]  # (49)
    return Statistics(counts, exposures_sums, sums, log_likelihood)


def _data(X: Array) -> Array:
    """X as an array of floats: float32 stays, everything else becomes float64.

    Raises ValueError for another rank, and for data that are not whole numbers from 0.
    """
    X = np.asarray(X)
    single = X.dtype.kind == "f" and X.dtype.itemsize == 4
    X = np.asarray(X, dtype=np.float32 if single else np.float64)
    if X.ndim == 2 and X.shape[1] == 1:
        X = np.ascontiguousarray(X[:, 0])
    if X.ndim != 1:
        raise ValueError(f"X has shape {X.shape}; expected (N,) or (N, 1), one number for each point")
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
