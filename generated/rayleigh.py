"""EM updates for the mixture model ``rayleigh``.

    (2) l_nk = log π_k + log x_n - 2 log σ_k - ½ x_n²/σ_k²

Rayleigh, a scale (the standard deviation of each coordinate) for each component.

Generated from the model ``rayleigh``, derivation e40261f6f425, by ``numpy/module.py.jinja``. Do not edit: change the
model and run ``derive generate rayleigh``. Numbers in parentheses are the derivation's equations:
``derive show rayleigh``.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

MODEL = "rayleigh"
EVENT_SHAPE: tuple[str, ...] = ()
PARAMETER_SHAPES = {"weights": ("K",), "scales": ("K",)}
WEIGHTS = "weights"
KNOWNS: dict[str, tuple[str, ...]] = {}
STATISTIC_SHAPES: dict[str, tuple[str, ...]] = {"counts": ("K",), "squares": ("K",), "log_likelihood": ()}


class Parameters(NamedTuple):
    """The parameters of the model; K components.

    weights: π_k, shape (K,), positive, sum to one.
    scales: σ_k, shape (K,), positive.
    """

    weights: Array
    scales: Array


class Statistics(NamedTuple):
    """Sufficient statistics of some samples: all that the updates need of them.

    counts: (52) N_k = ∑_n γ_nk, shape (K,).
    squares: (53) S¹_k = ∑_n γ_nk x_n², shape (K,).
    log_likelihood: of the samples, at the parameters for which the sums were taken, in nats.
    """

    counts: Array
    squares: Array
    log_likelihood: float


def log_joint(X: Array, parameters: Parameters) -> Array:
    """Log of weight times density, shape (N, K), in nats.

        (2) l_nk = log π_k + log x_n - 2 log σ_k - ½ x_n²/σ_k²

    X: data, shape (N,) or (N, 1), positive.
    Raises ValueError where X has another rank, LinAlgError for scales not positive.
    """
    X = _data(X)
    weights, scales = (np.asarray(value, dtype=X.dtype) for value in parameters)
    if not (scales > 0).all():
        k = int(np.argmin(scales > 0))
        raise np.linalg.LinAlgError(f"scales of component {k} must be positive: {scales[k]}")
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (2) log π_k
    value: Array = (
        log_weights + np.log(X[:, np.newaxis]) - 2 * np.log(scales) - X[:, np.newaxis] ** 2 / (2 * scales**2)
    )  # (2)
    return value


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

        (27) σ_k = 1/√(2 N_k) √(∑_n γ_nk x_n²)
        (46) π_k = N_k/N

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
            f"component {empty} has no points: N_k = 0, so its update (27) is undefined; "
            "use fewer components or another start"
        )
    scales = np.sqrt(responsibilities.T @ X**2) / np.sqrt(2 * counts)  # (27)
    weights = counts / N  # (46)
    return Parameters(weights, scales)


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
    scales: K.
    """
    del D  # no parameter has this size
    return K - 1 + K


def statistics(block: Array, parameters: Parameters) -> Statistics:
    """Sufficient statistics of a block of samples, which may be empty: those of blocks are merged.

        (52) N_k = ∑_n γ_nk
        (53) S¹_k = ∑_n γ_nk x_n²

    block: data, shape (N,) or (N, 1), positive.
    """
    X = _data(block)
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    responsibilities = scaled / totals[:, np.newaxis]  # (13)
    log_likelihood = float((largest + np.log(totals)).sum())  # (3)
    counts: Array = responsibilities.sum(axis=0)  # (52)
    squares = responsibilities.T @ X**2  # (53)
    return Statistics(counts, squares, log_likelihood)


def merge(a: Statistics, b: Statistics) -> Statistics:
    """Sufficient statistics of the samples of both."""
    counts = a.counts + b.counts  # (52)
    squares = a.squares + b.squares  # (53)
    return Statistics(counts, squares, a.log_likelihood + b.log_likelihood)


def update(statistics: Statistics, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise Q: those of m_step on the samples that the statistics are of.

        (54) σ_k = √S¹_k/√(2 N_k)
        (55) π_k = N_k/(∑_j N_j)

    previous: unused: no update starts from previous values.
    Raises ValueError where a component has no points (N_k = 0).
    """
    counts, squares, _ = statistics
    del previous  # no update starts from previous values
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its update (54) is undefined; "
            "use fewer components or another start"
        )
    scales = np.sqrt(squares) / np.sqrt(2 * counts)  # (54)
    total_count = float(counts.sum())  # (55) ∑_j N_j
    weights = counts / total_count  # (55)
    return Parameters(weights, scales)


def features(block: Array, out: Array) -> None:
    """Functions of the data in which the log joint is linear, a column for each sample.

        (59) l_nk = η⁰_k + η¹_k x_n² + η² log x_n

    block: data, shape (N,).
    out: array to be filled, shape (2, N): 1; x_n².
    """
    X = _data(block)
    out[0] = 1
    x = X
    np.multiply(x, x, out=out[1])  # x_n²


def natural_parameters(parameters: Parameters) -> Array:
    """What multiplies the features in the log joint: a row for each component.

        (56) η⁰_k = log π_k - 2 log σ_k
        (57) η¹_k = -½/σ_k²

    Shape (K, 2), in the order of the rows of features.
    """
    weights, scales = (np.asarray(value, dtype=np.float64) for value in parameters)
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (56) log π_k
    eta_0: Array = log_weights - 2 * np.log(scales)  # (56)
    eta_1 = -1 / (2 * scales**2)  # (57)
    return np.concatenate((eta_0[:, np.newaxis], eta_1[:, np.newaxis]), axis=1)


def shared_statistics(block: Array) -> Array:
    """Sums over a block of what all components share in the log joint: they need no responsibilities.

    block: data, shape (N,).
    They are of log x_n.
    """
    X = _data(block)
    shared_0 = float(np.log(X).sum())  # (59)
    return np.array([shared_0], dtype=np.float64)


def shared_parameters(parameters: Parameters) -> Array:
    """What multiplies the shared statistics in the log-likelihood.

        (58) η² = 1

    One number for each of the shared statistics.
    """
    del parameters  # not needed
    eta_2 = 1  # (58)
    return np.array([eta_2], dtype=np.float64)


def gather(totals: Array, shared: Array, log_likelihood: float, parameters: Parameters, origin: Array) -> Statistics:
    """Sufficient statistics from sums of features.

        (52) N_k = N_k
        (53) S¹_k = ∑_n γ_nk x_n²

    totals: of features times responsibilities over the samples, shape (2, K).
    shared: those of the shared features. log_likelihood: of the samples.
    parameters: those at which they were taken, for the sizes.
    origin: what the data were moved by before the features were taken; the statistics are about it.
    """
    del origin, parameters, shared  # not needed here
    counts = totals[0]  # (52)
    squares = totals[1]  # (53)
    return Statistics(counts, squares, log_likelihood)


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
