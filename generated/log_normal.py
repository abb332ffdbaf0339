"""EM updates for the mixture model ``log-normal``.

    (2) l_nk = log π_k - ½ log(2 π) - log x_n - ½ log σ²_k - ½ (log x_n - μ_k)²/σ²_k

Log-normal, mean and variance of the logarithm for each component.

Generated from the model ``log-normal``, derivation 118658564c19, by ``numpy/module.py.jinja``. Do not edit: change the
model and run ``derive generate log-normal``. Numbers in parentheses are the derivation's equations:
``derive show log-normal``.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

MODEL = "log-normal"
EVENT_SHAPE: tuple[str, ...] = ()
PARAMETER_SHAPES = {"weights": ("K",), "means": ("K",), "variances": ("K",)}
WEIGHTS = "weights"
KNOWNS: dict[str, tuple[str, ...]] = {}
STATISTIC_SHAPES: dict[str, tuple[str, ...]] = {
    "counts": ("K",),
    "sums": ("K",),
    "scatters": ("K",),
    "log_likelihood": (),
}


class Parameters(NamedTuple):
    """The parameters of the model; K components.

    weights: π_k, shape (K,), positive, sum to one.
    means: μ_k, shape (K,).
    variances: σ²_k, shape (K,), positive.
    """

    weights: Array
    means: Array
    variances: Array


class Statistics(NamedTuple):
    """Sufficient statistics of some samples: all that the updates need of them.

    counts: (65) N_k = ∑_n γ_nk, shape (K,).
    sums: (66) S¹_k = ∑_n γ_nk y_nk, shape (K,).
    scatters: (67) S²_k = ∑_n γ_nk y_nk², shape (K,).
    log_likelihood: of the samples, at the parameters for which the sums were taken, in nats.
    origin_means: μ⁰_k, the means about which the sums are taken, shape (K,).
    """

    counts: Array
    sums: Array
    scatters: Array
    log_likelihood: float
    origin_means: Array


def log_joint(X: Array, parameters: Parameters) -> Array:
    """Log of weight times density, shape (N, K), in nats.

        (2) l_nk = log π_k - ½ log(2 π) - log x_n - ½ log σ²_k - ½ (log x_n - μ_k)²/σ²_k

    X: data, shape (N,) or (N, 1), positive.
    Raises ValueError where X has another rank, LinAlgError for variances not positive.
    """
    X = _data(X)
    weights, means, variances = (np.asarray(value, dtype=X.dtype) for value in parameters)
    if not (variances > 0).all():
        k = int(np.argmin(variances > 0))
        raise np.linalg.LinAlgError(f"variances of component {k} must be positive: {variances[k]}")
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (2) log π_k
    log_X = np.log(X)  # (2) log x_n
    return (
        log_weights
        - math.log(2 * math.pi) / 2
        - log_X[:, np.newaxis]
        - np.log(variances) / 2
        - (log_X[:, np.newaxis] - means) ** 2 / (2 * variances)
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

        (27) μ_k = 1/N_k ∑_n γ_nk log x_n
        (37) σ²_k = 1/N_k ∑_n γ_nk (log x_n - μ_k)²
        (57) π_k = N_k/N

    X: data, shape (N,) or (N, 1), positive.
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
            f"component {empty} has no points: N_k = 0, so its updates (27) and (37) are undefined; "
            "use fewer components or another start"
        )
    log_X = np.log(X)  # (27) log x_n
    means = responsibilities.T @ log_X / counts  # (27)
    scatters: Array = np.einsum("nk,nk->k", responsibilities, (log_X[:, np.newaxis] - means) ** 2)  # (37)
    variances = scatters / counts  # (37)
    weights = counts / N  # (57)
    return Parameters(weights, means, variances)


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
    means: K.
    variances: K.
    """
    del D  # no parameter has this size
    return K - 1 + K + K


def statistics(block: Array, parameters: Parameters) -> Statistics:
    """Sufficient statistics of a block of samples, which may be empty: those of blocks are merged.

        (62) y_nk = log x_n - μ⁰_k
        (65) N_k = ∑_n γ_nk
        (66) S¹_k = ∑_n γ_nk y_nk
        (67) S²_k = ∑_n γ_nk y_nk²

    block: data, shape (N,) or (N, 1), positive.
    The sums are taken about the given parameters, so that data far from zero lose no digits.
    """
    X = _data(block)
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    responsibilities = scaled / totals[:, np.newaxis]  # (13)
    log_likelihood = float((largest + np.log(totals)).sum())  # (3)
    _, means, _ = (np.asarray(value, dtype=X.dtype) for value in parameters)
    counts: Array = responsibilities.sum(axis=0)  # (65)
    centred = np.log(X[:, np.newaxis]) - means  # (66) y_nk
    sums: Array = np.einsum("nk,nk->k", responsibilities, centred)  # (66)
    scatters: Array = np.einsum("nk,nk->k", responsibilities, centred**2)  # (67)
    return Statistics(counts, sums, scatters, log_likelihood, means)


def merge(a: Statistics, b: Statistics) -> Statistics:
    """Sufficient statistics of the samples of both.

        (72) ε_k = μ⁰_k - μ¹_k
        (73) ∑_n γ_nk y¹_nk = S¹_k + ε_k N_k
        (74) ∑_n γ_nk y¹_nk² = S²_k + 2 ε_k S¹_k + ε_k² N_k

    Those of the first are moved to the origin of the second: in a stream, that of the newer parameters.
    """
    counts = a.counts + b.counts  # (65)
    step = a.origin_means - b.origin_means  # (73) ε_k
    sums = a.sums + step * a.counts + b.sums  # (73)
    scatters = a.scatters + 2 * step * a.sums + step**2 * a.counts + b.scatters  # (74)
    return Statistics(counts, sums, scatters, a.log_likelihood + b.log_likelihood, b.origin_means)


def update(statistics: Statistics, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise Q: those of m_step on the samples that the statistics are of.

        (63) δ_k = μ_k - μ⁰_k
        (68) μ_k = μ⁰_k + S¹_k/N_k
        (70) σ²_k = S²_k/N_k - δ_k²
        (71) π_k = N_k/(∑_j N_j)

    previous: unused: no update starts from previous values.
    Raises ValueError where a component has no points (N_k = 0).
    """
    counts, sums, scatters, _, origin_means = statistics
    del previous  # no update starts from previous values
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its updates (68) and (70) are undefined; "
            "use fewer components or another start"
        )
    means = origin_means + sums / counts  # (68)
    variances = scatters / counts - (means - origin_means) ** 2  # (70)
    total_count = float(counts.sum())  # (71) ∑_j N_j
    weights = counts / total_count  # (71)
    return Parameters(weights, means, variances)


def features(block: Array, out: Array) -> None:
    """Functions of the data in which the log joint is linear, a column for each sample.

        (78) l_nk = η⁰_k + η¹_k log x_n + η²_k (log x_n)²

    block: data, shape (N,).
    out: array to be filled, shape (3, N): 1; log x_n; (log x_n)².
    """
    X = _data(block)
    feature_1 = np.log(X)  # (78)
    feature_2 = feature_1**2  # (78)
    out[0] = 1
    out[1] = feature_1  # log x_n
    out[2] = feature_2  # (log x_n)²


def natural_parameters(parameters: Parameters) -> Array:
    """What multiplies the features in the log joint: a row for each component.

        (75) η⁰_k = log π_k - ½ log(2 π) - ½ log σ²_k - ½ μ_k²/σ²_k
        (76) η¹_k = μ_k/σ²_k - 1
        (77) η²_k = -½/σ²_k

    Shape (K, 3), in the order of the rows of features.
    """
    weights, means, variances = (np.asarray(value, dtype=np.float64) for value in parameters)
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (75) log π_k
    eta_0 = log_weights - math.log(2 * math.pi) / 2 - np.log(variances) / 2 - means**2 / (2 * variances)  # (75)
    eta_1 = means / variances - 1  # (76)
    eta_2 = -1 / (2 * variances)  # (77)
    return np.concatenate((eta_0[:, np.newaxis], eta_1[:, np.newaxis], eta_2[:, np.newaxis]), axis=1)


def gather(totals: Array, shared: Array, log_likelihood: float, parameters: Parameters, origin: Array) -> Statistics:
    """Sufficient statistics from sums of features.

        (65) N_k = N_k
        (79) S¹_k = ∑_n γ_nk log x_n
        (80) S²_k = ∑_n γ_nk (log x_n)²

    totals: of features times responsibilities over the samples, shape (3, K).
    shared: those of the shared features. log_likelihood: of the samples.
    parameters: those at which they were taken, for the sizes.
    origin: what the data were moved by before the features were taken; the statistics are about it.
    """
    del origin, shared  # not needed here
    K = len(parameters.weights)
    counts = totals[0]  # (65)
    sums = totals[1]  # (79)
    scatters = totals[2]  # (80)
    return Statistics(counts, sums, scatters, log_likelihood, np.zeros((K,)))


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
