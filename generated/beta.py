"""EM updates for the mixture model ``beta``.

    (2) l_nk = log π_k + (a_k - 1) log x_n + (b_k - 1) log(1 - x_n) - (log Γ(a_k) + log Γ(b_k) - log Γ(a_k + b_k))

Beta, both shapes a and b for each component.

Generated from the model ``beta``, derivation 806f26299294, by ``numpy/module.py.jinja``. Do not edit: change the model
and run ``derive generate beta``. Numbers in parentheses are the derivation's equations: ``derive show beta``.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln, polygamma

Array = NDArray[np.floating[Any]]

MODEL = "beta"
EVENT_SHAPE: tuple[str, ...] = ()
PARAMETER_SHAPES = {"weights": ("K",), "a": ("K",), "b": ("K",)}
WEIGHTS = "weights"
KNOWNS: dict[str, tuple[str, ...]] = {}
STATISTIC_SHAPES: dict[str, tuple[str, ...]] = {
    "counts": ("K",),
    "log_sums": ("K",),
    "log_sums_2": ("K",),
    "log_likelihood": (),
}


class Parameters(NamedTuple):
    """The parameters of the model; K components.

    weights: π_k, shape (K,), positive, sum to one.
    a: a_k, shape (K,), positive.
    b: b_k, shape (K,), positive.
    """

    weights: Array
    a: Array
    b: Array


class Statistics(NamedTuple):
    """Sufficient statistics of some samples: all that the updates need of them.

    counts: (59) N_k = ∑_n γ_nk, shape (K,).
    log_sums: (60) S¹_k = ∑_n γ_nk log x_n, shape (K,).
    log_sums_2: (61) S²_k = ∑_n γ_nk log(1 - x_n), shape (K,).
    log_likelihood: of the samples, at the parameters for which the sums were taken, in nats.
    """

    counts: Array
    log_sums: Array
    log_sums_2: Array
    log_likelihood: float


def log_joint(X: Array, parameters: Parameters) -> Array:
    """Log of weight times density, shape (N, K), in nats.

        (2) l_nk = log π_k + (a_k - 1) log x_n + (b_k - 1) log(1 - x_n) - (log Γ(a_k) + log Γ(b_k) - log Γ(a_k + b_k))

    X: data, shape (N,) or (N, 1), between zero and one.
    Raises ValueError where X has another rank, LinAlgError for a or b not positive.
    """
    X = _data(X)
    weights, a, b = (np.asarray(value, dtype=X.dtype) for value in parameters)
    if not (a > 0).all():
        k = int(np.argmin(a > 0))
        raise np.linalg.LinAlgError(f"a of component {k} must be positive: {a[k]}")
    if not (b > 0).all():
        k = int(np.argmin(b > 0))
        raise np.linalg.LinAlgError(f"b of component {k} must be positive: {b[k]}")
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (2) log π_k
    return (
        log_weights
        + (a - 1) * np.log(X[:, np.newaxis])
        + (b - 1) * np.log(1 - X[:, np.newaxis])
        - (gammaln(a) + gammaln(b) - gammaln(a + b))
    )  # (2)


def e_step(X: Array, parameters: Parameters) -> Array:
    """Responsibilities, the posterior probabilities of the components; shape (N, K), rows sum to one.

        (13) γ_nk = exp(l_nk)/(∑_j exp(l_nj))

    X: data, shape (N,) or (N, 1), between zero and one.
    """
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    return scaled / totals[:, np.newaxis]  # (13)


def m_step(X: Array, responsibilities: Array, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise the expected complete-data log-likelihood Q.

        (38) a_k = a_k in the root of ∑_n γ_nk log x_n - ψ(a_k) N_k + ψ(a_k + b_k) N_k = 0, ∑_n γ_nk log(1 - x_n) -
            ψ(b_k) N_k + ψ(a_k + b_k) N_k = 0
        (39) b_k = b_k in the root of ∑_n γ_nk log x_n - ψ(a_k) N_k + ψ(a_k + b_k) N_k = 0, ∑_n γ_nk log(1 - x_n) -
            ψ(b_k) N_k + ψ(a_k + b_k) N_k = 0
        (53) π_k = N_k/N

    X: data, shape (N,) or (N, 1), between zero and one.
    responsibilities: γ, shape (N, K).
    previous: unused: no update starts from previous values.
    Raises ValueError where X has another rank or a component has no points (N_k = 0).
    """
    X = _data(X)
    responsibilities = np.asarray(responsibilities, dtype=X.dtype)
    N = len(X)
    K: int = responsibilities.shape[1]
    del previous  # no update starts from previous values
    counts: Array = responsibilities.sum(axis=0)  # (38) N_k = ∑_n γ_nk
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its updates (38) and (39) are undefined; "
            "use fewer components or another start"
        )
    weighted_sums = responsibilities.T @ np.log(X)  # (38) ∑_n γ_nk log x_n
    scatters = responsibilities.T @ np.log(1 - X)  # (38) ∑_n γ_nk log(1 - x_n)

    def a_value(point: Array) -> Array:  # (38)
        a, b = point[..., 0], point[..., 1]
        total = a + b  # (38)
        value: Array = (
            a * weighted_sums + b * scatters + gammaln(total) * counts - gammaln(a) * counts - gammaln(b) * counts
        )
        return value

    def a_derivatives(point: Array) -> tuple[Array, Array]:  # (38)
        a, b = point[..., 0], point[..., 1]
        total = a + b  # (38)
        product = digamma(total) * counts  # (38)
        product_2 = polygamma(1, total) * counts  # (38)
        gradient: Array = np.stack(
            [weighted_sums + product - digamma(a) * counts, scatters + product - digamma(b) * counts], axis=-1
        )
        a_row: Array = np.stack([product_2 - polygamma(1, a) * counts, product_2], axis=-1)
        b_row: Array = np.stack([product_2, product_2 - polygamma(1, b) * counts], axis=-1)
        hessian: Array = np.stack([a_row, b_row], axis=-2)
        return gradient, hessian

    value = _newton(a_value, a_derivatives, np.ones((K, 2)), "a and b")  # (38)
    value = value.astype(X.dtype)
    a = value[..., 0]  # (38)
    b = value[..., 1]  # (39)
    weights = counts / N  # (53)
    return Parameters(weights, a, b)


def log_likelihood(X: Array, parameters: Parameters) -> float:
    """Log-likelihood of all data, in nats.

        (3) log-likelihood = ∑_n log(∑_k exp(l_nk))

    X: data, shape (N,) or (N, 1), between zero and one.
    """
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (3)
    totals: Array = np.exp(log_p - largest[:, np.newaxis]).sum(axis=1)  # (3)
    return float((largest + np.log(totals)).sum())  # (3)


def objective(X: Array, parameters: Parameters) -> float:
    """The log-likelihood of all data, in nats: what EM never lowers.

    X: data, shape (N,) or (N, 1), between zero and one.
    """
    return log_likelihood(X, parameters)


def em_step(X: Array, parameters: Parameters) -> tuple[Parameters, float]:
    """One iteration of EM: new parameters, and the objective at the given ones, in nats.

    X: data, shape (N,) or (N, 1), between zero and one.
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
    a: K.
    b: K.
    """
    del D  # no parameter has this size
    return K - 1 + K + K


def statistics(block: Array, parameters: Parameters) -> Statistics:
    """Sufficient statistics of a block of samples, which may be empty: those of blocks are merged.

        (59) N_k = ∑_n γ_nk
        (60) S¹_k = ∑_n γ_nk log x_n
        (61) S²_k = ∑_n γ_nk log(1 - x_n)

    block: data, shape (N,) or (N, 1), between zero and one.
    """
    X = _data(block)
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    responsibilities = scaled / totals[:, np.newaxis]  # (13)
    log_likelihood = float((largest + np.log(totals)).sum())  # (3)
    counts: Array = responsibilities.sum(axis=0)  # (59)
    log_sums = responsibilities.T @ np.log(X)  # (60)
    log_sums_2 = responsibilities.T @ np.log(1 - X)  # (61)
    return Statistics(counts, log_sums, log_sums_2, log_likelihood)


def merge(a: Statistics, b: Statistics) -> Statistics:
    """Sufficient statistics of the samples of both."""
    counts = a.counts + b.counts  # (59)
    log_sums = a.log_sums + b.log_sums  # (60)
    log_sums_2 = a.log_sums_2 + b.log_sums_2  # (61)
    return Statistics(counts, log_sums, log_sums_2, a.log_likelihood + b.log_likelihood)


def update(statistics: Statistics, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise Q: those of m_step on the samples that the statistics are of.

        (62) a_k = a_k in the root of S¹_k - ψ(a_k) N_k + ψ(a_k + b_k) N_k = 0, S²_k - ψ(b_k) N_k + ψ(a_k + b_k) N_k = 0
        (68) b_k = b_k in the root of S¹_k - ψ(a_k) N_k + ψ(a_k + b_k) N_k = 0, S²_k - ψ(b_k) N_k + ψ(a_k + b_k) N_k = 0
        (74) π_k = N_k/(∑_j N_j)

    previous: unused: no update starts from previous values.
    Raises ValueError where a component has no points (N_k = 0).
    """
    counts, log_sums, log_sums_2, _ = statistics
    K = len(counts)
    del previous  # no update starts from previous values
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its updates (62) and (68) are undefined; "
            "use fewer components or another start"
        )

    def a_value(point: Array) -> Array:  # (62)
        a, b = point[..., 0], point[..., 1]
        total = a + b  # (62)
        value: Array = (
            a * log_sums + b * log_sums_2 + gammaln(total) * counts - gammaln(a) * counts - gammaln(b) * counts
        )
        return value

    def a_derivatives(point: Array) -> tuple[Array, Array]:  # (62)
        a, b = point[..., 0], point[..., 1]
        total = a + b  # (62)
        product = digamma(total) * counts  # (62)
        product_2 = polygamma(1, total) * counts  # (62)
        gradient: Array = np.stack(
            [log_sums + product - digamma(a) * counts, log_sums_2 + product - digamma(b) * counts], axis=-1
        )
        a_row: Array = np.stack([product_2 - polygamma(1, a) * counts, product_2], axis=-1)
        b_row: Array = np.stack([product_2, product_2 - polygamma(1, b) * counts], axis=-1)
        hessian: Array = np.stack([a_row, b_row], axis=-2)
        return gradient, hessian

    value = _newton(a_value, a_derivatives, np.ones((K, 2)), "a and b")  # (62)
    value = value.astype(counts.dtype)
    a = value[..., 0]  # (62)
    b = value[..., 1]  # (68)
    total_count = float(counts.sum())  # (74) ∑_j N_j
    weights = counts / total_count  # (74)
    return Parameters(weights, a, b)


def features(block: Array, out: Array) -> None:
    """Functions of the data in which the log joint is linear, a column for each sample.

        (78) l_nk = η⁰_k + η¹_k log x_n + η²_k log(1 - x_n)

    block: data, shape (N,).
    out: array to be filled, shape (3, N): 1; log x_n; log(1 - x_n).
    """
    X = _data(block)
    feature_1 = np.log(X)  # (78)
    feature_2 = np.log(1 - X)  # (78)
    out[0] = 1
    out[1] = feature_1  # log x_n
    out[2] = feature_2  # log(1 - x_n)


def natural_parameters(parameters: Parameters) -> Array:
    """What multiplies the features in the log joint: a row for each component.

        (75) η⁰_k = log π_k - (log Γ(a_k) + log Γ(b_k) - log Γ(a_k + b_k))
        (76) η¹_k = a_k - 1
        (77) η²_k = b_k - 1

    Shape (K, 3), in the order of the rows of features.
    """
    weights, a, b = (np.asarray(value, dtype=np.float64) for value in parameters)
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (75) log π_k
    eta_0 = log_weights - (gammaln(a) + gammaln(b) - gammaln(a + b))  # (75)
    eta_1 = a - 1  # (76)
    eta_2 = b - 1  # (77)
    return np.concatenate((eta_0[:, np.newaxis], eta_1[:, np.newaxis], eta_2[:, np.newaxis]), axis=1)


def gather(totals: Array, shared: Array, log_likelihood: float, parameters: Parameters, origin: Array) -> Statistics:
    """Sufficient statistics from sums of features.

        (59) N_k = N_k
        (60) S¹_k = ∑_n γ_nk log x_n
        (61) S²_k = ∑_n γ_nk log(1 - x_n)

    totals: of features times responsibilities over the samples, shape (3, K).
    shared: those of the shared features. log_likelihood: of the samples.
    parameters: those at which they were taken, for the sizes.
    origin: what the data were moved by before the features were taken; the statistics are about it.
    """
    del origin, parameters, shared  # not needed here
    counts = totals[0]  # (59)
    log_sums = totals[1]  # (60)
    log_sums_2 = totals[2]  # (61)
    return Statistics(counts, log_sums, log_sums_2, log_likelihood)


def _data(X: Array) -> Array:
    """X as an array of floats: float32 stays, everything else becomes float64.

    Raises ValueError for another rank, and for data that are not between 0 and 1.
    """
    X = np.asarray(X)
    single = X.dtype.kind == "f" and X.dtype.itemsize == 4
    X = np.asarray(X, dtype=np.float32 if single else np.float64)
    if X.ndim == 2 and X.shape[1] == 1:
        X = np.ascontiguousarray(X[:, 0])
    if X.ndim != 1:
        raise ValueError(f"X has shape {X.shape}; expected (N,) or (N, 1), one number for each point")
    inside = (X > 0) & (X < 1)
    if not inside.all():
        row = int(np.argwhere(~inside)[0, 0])
        raise ValueError(f"row {row} of X, counted from 0, holds {X[~inside][0]:g}; data must be between 0 and 1")
    return X


def _newton(
    value: Callable[[Array], Array],
    derivatives: Callable[[Array], tuple[Array, Array]],
    start: Array,
    name: str,
) -> Array:
    """Where concave functions of positive numbers are largest: Newton's method, halved where it would not climb.

    value: of points, shape (..., M), their values, shape (...). derivatives: gradients (..., M), Hessians (..., M, M).
    Raises ValueError where a function has no maximum: it keeps rising as its point leaves all bounds.
    """
    point, best = start, value(start)
    precision = np.finfo(start.dtype).eps
    for _ in range(200):
        gradient, hessian = derivatives(point)
        with np.errstate(all="ignore"):
            step = -np.linalg.solve(hessian, gradient[..., np.newaxis])[..., 0]
        gain = (gradient * step).sum(axis=-1)  # twice what is left to climb, were the function quadratic
        if not (np.isfinite(point).all() and np.isfinite(step).all()):
            break
        if (gain <= 16 * precision * (1 + np.abs(best))).all():
            return np.where(point + step > 0, point + step, point)
        near = (np.abs(step) <= 1e-3 * point).all(axis=-1)  # what is left to climb may drown in the value's rounding
        size, halvings, climbs = np.ones(gain.shape, dtype=start.dtype), 0, near
        while not climbs.all() and halvings < 60:
            size, halvings = np.where(climbs | (halvings == 0), size, size / 2), halvings + 1
            moved = point + size[..., np.newaxis] * step
            inside = (moved > 0).all(axis=-1)
            reached = value(np.where(inside[..., np.newaxis], moved, point))
            climbs = near | inside & (reached >= best + 1e-4 * size * gain - 4 * precision * np.abs(best))
        point = np.where(climbs[..., np.newaxis], point + size[..., np.newaxis] * step, point)
        best = value(point)
    raise ValueError(f"{name} have no finite maximum: Q keeps rising as they grow; a prior on them would bound it")
