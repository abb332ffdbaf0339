"""EM updates for the mixture model ``inverse-gaussian``.

    (2) l_nk = log π_k + ½ log λ_k - ½ log(2 π) - 1/2 3 log x_n - ½ λ_k (x_n - μ_k)²/(μ_k² x_n)

Inverse Gaussian (Wald), mean and shape for each component.

Generated from the model ``inverse-gaussian``, derivation 57a5f9a23e37, by ``numpy/module.py.jinja``. Do not edit:
change the model and run ``derive generate inverse-gaussian``. Numbers in parentheses are the derivation's equations:
``derive show inverse-gaussian``.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

MODEL = "inverse-gaussian"
EVENT_SHAPE: tuple[str, ...] = ()
PARAMETER_SHAPES = {"weights": ("K",), "means": ("K",), "shapes": ("K",)}
WEIGHTS = "weights"
KNOWNS: dict[str, tuple[str, ...]] = {}
STATISTIC_SHAPES: dict[str, tuple[str, ...]] = {
    "counts": ("K",),
    "sums": ("K",),
    "products": ("K",),
    "products_2": ("K",),
    "reciprocal_sums": ("K",),
    "log_likelihood": (),
}


class Parameters(NamedTuple):
    """The parameters of the model; K components.

    weights: π_k, shape (K,), positive, sum to one.
    means: μ_k, shape (K,), positive.
    shapes: λ_k, shape (K,), positive.
    """

    weights: Array
    means: Array
    shapes: Array


class Statistics(NamedTuple):
    """Sufficient statistics of some samples: all that the updates need of them.

    counts: (68) N_k = ∑_n γ_nk, shape (K,).
    sums: (69) S¹_k = ∑_n γ_nk x_n, shape (K,).
    products: (70) S²_k = ∑_n γ_nk y_nk²/x_n, shape (K,).
    products_2: (71) S³_k = ∑_n γ_nk y_nk/x_n, shape (K,).
    reciprocal_sums: (72) S⁴_k = ∑_n γ_nk/x_n, shape (K,).
    log_likelihood: of the samples, at the parameters for which the sums were taken, in nats.
    origin_means: μ⁰_k, the means about which the sums are taken, shape (K,).
    """

    counts: Array
    sums: Array
    products: Array
    products_2: Array
    reciprocal_sums: Array
    log_likelihood: float
    origin_means: Array


def log_joint(X: Array, parameters: Parameters) -> Array:
    """Log of weight times density, shape (N, K), in nats.

        (2) l_nk = log π_k + ½ log λ_k - ½ log(2 π) - 1/2 3 log x_n - ½ λ_k (x_n - μ_k)²/(μ_k² x_n)

    X: data, shape (N,) or (N, 1), positive.
    Raises ValueError where X has another rank, LinAlgError for means or shapes not positive.
    """
    X = _data(X)
    weights, means, shapes = (np.asarray(value, dtype=X.dtype) for value in parameters)
    if not (means > 0).all():
        k = int(np.argmin(means > 0))
        raise np.linalg.LinAlgError(f"means of component {k} must be positive: {means[k]}")
    if not (shapes > 0).all():
        k = int(np.argmin(shapes > 0))
        raise np.linalg.LinAlgError(f"shapes of component {k} must be positive: {shapes[k]}")
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (2) log π_k
    return (
        log_weights
        + np.log(shapes) / 2
        - math.log(2 * math.pi) / 2
        - 3 * np.log(X[:, np.newaxis]) / 2
        - shapes * (X[:, np.newaxis] - means) ** 2 / (2 * means**2 * X[:, np.newaxis])
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

        (29) μ_k = 1/N_k ∑_n γ_nk x_n
        (46) λ_k = μ_k² N_k/(∑_n γ_nk (x_n - μ_k)²/x_n)
        (60) π_k = N_k/N

    X: data, shape (N,) or (N, 1), positive.
    responsibilities: γ, shape (N, K).
    previous: unused: no update starts from previous values.
    Raises ValueError where X has another rank or a component has no points (N_k = 0).
    """
    X = _data(X)
    responsibilities = np.asarray(responsibilities, dtype=X.dtype)
    N = len(X)
    del previous  # no update starts from previous values
    counts: Array = responsibilities.sum(axis=0)  # (29) N_k = ∑_n γ_nk
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its updates (29) and (46) are undefined; "
            "use fewer components or another start"
        )
    means = responsibilities.T @ X / counts  # (29)
    shapes = counts * means**2 / ((responsibilities * (X[:, np.newaxis] - means) ** 2).T @ (1 / X))  # (46)
    weights = counts / N  # (60)
    return Parameters(weights, means, shapes)


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
    shapes: K.
    """
    del D  # no parameter has this size
    return K - 1 + K + K


def statistics(block: Array, parameters: Parameters) -> Statistics:
    """Sufficient statistics of a block of samples, which may be empty: those of blocks are merged.

        (65) y_nk = x_n - μ⁰_k
        (68) N_k = ∑_n γ_nk
        (69) S¹_k = ∑_n γ_nk x_n
        (70) S²_k = ∑_n γ_nk y_nk²/x_n
        (71) S³_k = ∑_n γ_nk y_nk/x_n
        (72) S⁴_k = ∑_n γ_nk/x_n

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
    counts: Array = responsibilities.sum(axis=0)  # (68)
    sums = responsibilities.T @ X  # (69)
    centred = X[:, np.newaxis] - means  # (70) y_nk
    products = (responsibilities * centred**2).T @ (1 / X)  # (70)
    products_2 = (responsibilities * centred).T @ (1 / X)  # (71)
    reciprocal_sums = responsibilities.T @ (1 / X)  # (72)
    return Statistics(counts, sums, products, products_2, reciprocal_sums, log_likelihood, means)


def merge(a: Statistics, b: Statistics) -> Statistics:
    """Sufficient statistics of the samples of both.

        (76) ε_k = μ⁰_k - μ¹_k
        (77) ∑_n γ_nk y¹_nk²/x_n = S²_k + 2 ε_k S³_k + ε_k² S⁴_k
        (78) ∑_n γ_nk y¹_nk/x_n = S³_k + ε_k S⁴_k

    Those of the first are moved to the origin of the second: in a stream, that of the newer parameters.
    """
    counts = a.counts + b.counts  # (68)
    sums = a.sums + b.sums  # (69)
    step = a.origin_means - b.origin_means  # (77) ε_k
    products = a.products + 2 * step * a.products_2 + step**2 * a.reciprocal_sums + b.products  # (77)
    products_2 = a.products_2 + step * a.reciprocal_sums + b.products_2  # (78)
    reciprocal_sums = a.reciprocal_sums + b.reciprocal_sums  # (72)
    return Statistics(
        counts, sums, products, products_2, reciprocal_sums, a.log_likelihood + b.log_likelihood, b.origin_means
    )


def update(statistics: Statistics, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise Q: those of m_step on the samples that the statistics are of.

        (66) δ_k = μ_k - μ⁰_k
        (73) μ_k = S¹_k/N_k
        (74) λ_k = μ_k² N_k/(S²_k - 2 δ_k S³_k + δ_k² S⁴_k)
        (75) π_k = N_k/(∑_j N_j)

    previous: unused: no update starts from previous values.
    Raises ValueError where a component has no points (N_k = 0).
    """
    counts, sums, products, products_2, reciprocal_sums, _, origin_means = statistics
    del previous  # no update starts from previous values
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its updates (73) and (74) are undefined; "
            "use fewer components or another start"
        )
    means = sums / counts  # (73)
    shift = means - origin_means  # (74) δ_k
    shapes = means**2 * counts / (products + shift**2 * reciprocal_sums - 2 * shift * products_2)  # (74)
    total_count = float(counts.sum())  # (75) ∑_j N_j
    weights = counts / total_count  # (75)
    return Parameters(weights, means, shapes)


def features(block: Array, out: Array) -> None:
    """Functions of the data in which the log joint is linear, a column for each sample.

        (83) l_nk = η⁰_k + η¹_k x_n + η²_k/x_n + η³ log x_n

    block: data, shape (N,).
    out: array to be filled, shape (3, N): 1; x_n; 1/x_n.
    """
    X = _data(block)
    feature_2 = 1 / X  # (83)
    out[0] = 1
    out[1] = X  # x_n
    out[2] = feature_2  # 1/x_n


def natural_parameters(parameters: Parameters) -> Array:
    """What multiplies the features in the log joint: a row for each component.

        (79) η⁰_k = log π_k + ½ log λ_k - ½ log(2 π) + λ_k/μ_k
        (80) η¹_k = -½ λ_k/μ_k²
        (81) η²_k = -½ λ_k

    Shape (K, 3), in the order of the rows of features.
    """
    weights, means, shapes = (np.asarray(value, dtype=np.float64) for value in parameters)
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (79) log π_k
    eta_0 = log_weights + np.log(shapes) / 2 + shapes / means - math.log(2 * math.pi) / 2  # (79)
    eta_1 = -shapes / (2 * means**2)  # (80)
    eta_2 = -shapes / 2  # (81)
    return np.concatenate((eta_0[:, np.newaxis], eta_1[:, np.newaxis], eta_2[:, np.newaxis]), axis=1)


def shared_statistics(block: Array) -> Array:
    """Sums over a block of what all components share in the log joint: they need no responsibilities.

    block: data, shape (N,).
    They are of log x_n.
    """
    X = _data(block)
    shared_0 = float(np.log(X).sum())  # (83)
    return np.array([shared_0], dtype=np.float64)


def shared_parameters(parameters: Parameters) -> Array:
    """What multiplies the shared statistics in the log-likelihood.

        (82) η³ = -3/2

    One number for each of the shared statistics.
    """
    del parameters  # not needed
    eta_3 = -3 / 2  # (82)
    return np.array([eta_3], dtype=np.float64)


def gather(totals: Array, shared: Array, log_likelihood: float, parameters: Parameters, origin: Array) -> Statistics:
    """Sufficient statistics from sums of features.

        (68) N_k = N_k
        (69) S¹_k = ∑_n γ_nk x_n
        (84) S²_k = ∑_n γ_nk x_n
        (85) S³_k = N_k
        (72) S⁴_k = ∑_n γ_nk/x_n

    totals: of features times responsibilities over the samples, shape (3, K).
    shared: those of the shared features. log_likelihood: of the samples.
    parameters: those at which they were taken, for the sizes.
    origin: what the data were moved by before the features were taken; the statistics are about it.
    """
    del origin, shared  # not needed here
    K = len(parameters.weights)
    counts = totals[0]  # (68)
    sums = totals[1]  # (69)
    products = totals[1]  # (84)
    products_2 = totals[0]  # (85)
    reciprocal_sums = totals[2]  # (72)
    return Statistics(counts, sums, products, products_2, reciprocal_sums, log_likelihood, np.zeros((K,)))


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
