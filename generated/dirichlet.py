"""EM updates for the mixture model ``dirichlet``.

    (2) l_nk = log π_k + log Γ(∑_d α_kd) - ∑_d log Γ(α_kd) + ∑_d (α_kd - 1) log x_nd

Dirichlet, concentrations for each component; rows sum to one.

Generated from the model ``dirichlet``, derivation 721507250965, by ``numpy/module.py.jinja``. Do not edit: change the
model and run ``derive generate dirichlet``. Numbers in parentheses are the derivation's equations:
``derive show dirichlet``.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln, polygamma

Array = NDArray[np.floating[Any]]

MODEL = "dirichlet"
EVENT_SHAPE = ("D",)
PARAMETER_SHAPES = {"weights": ("K",), "concentrations": ("K", "D")}
WEIGHTS = "weights"
KNOWNS: dict[str, tuple[str, ...]] = {}
STATISTIC_SHAPES: dict[str, tuple[str, ...]] = {"counts": ("K",), "log_sums": ("K", "D"), "log_likelihood": ()}


class Parameters(NamedTuple):
    """The parameters of the model; K components, D coordinates.

    weights: π_k, shape (K,), positive, sum to one.
    concentrations: α_kd, shape (K, D), positive.
    """

    weights: Array
    concentrations: Array


class Statistics(NamedTuple):
    """Sufficient statistics of some samples: all that the updates need of them.

    counts: (49) N_k = ∑_n γ_nk, shape (K,).
    log_sums: (50) S¹_kd = ∑_n γ_nk log x_nd, shape (K, D).
    log_likelihood: of the samples, at the parameters for which the sums were taken, in nats.
    """

    counts: Array
    log_sums: Array
    log_likelihood: float


def log_joint(X: Array, parameters: Parameters) -> Array:
    """Log of weight times density, shape (N, K), in nats.

        (2) l_nk = log π_k + log Γ(∑_d α_kd) - ∑_d log Γ(α_kd) + ∑_d (α_kd - 1) log x_nd

    X: data, shape (N, D), positive, sum to one.
    Raises ValueError where X has another rank, LinAlgError for concentrations not positive.
    """
    X = _data(X)
    weights, concentrations = (np.asarray(value, dtype=X.dtype) for value in parameters)
    if not (concentrations > 0).all():
        k = int(np.argmin((concentrations > 0).all(axis=1)))
        raise np.linalg.LinAlgError(f"concentrations of component {k} must be positive: {concentrations[k]}")
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (2) log π_k
    sums: Array = concentrations.sum(axis=1)  # (2) ∑_d α_kd
    sums_2: Array = gammaln(concentrations).sum(axis=1)  # (2) ∑_d log Γ(α_kd)
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_X = np.log(X)  # (2) log x_nd
    return log_weights + gammaln(sums) + log_X @ (concentrations - 1).T - sums_2  # (2)


def e_step(X: Array, parameters: Parameters) -> Array:
    """Responsibilities, the posterior probabilities of the components; shape (N, K), rows sum to one.

        (13) γ_nk = exp(l_nk)/(∑_j exp(l_nj))

    X: data, shape (N, D), positive, sum to one.
    """
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    return scaled / totals[:, np.newaxis]  # (13)


def m_step(X: Array, responsibilities: Array, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise the expected complete-data log-likelihood Q.

        (31) α_kd = α_kd in the root of ψ(∑_d α_kd) N_k - ψ(α_kd) N_k + ∑_n γ_nk log x_nd = 0
        (43) π_k = N_k/N

    X: data, shape (N, D), positive, sum to one.
    responsibilities: γ, shape (N, K).
    previous: unused: no update starts from previous values.
    Raises ValueError where X has another rank or a component has no points (N_k = 0).
    """
    X = _data(X)
    responsibilities = np.asarray(responsibilities, dtype=X.dtype)
    N = len(X)
    D: int = X.shape[1]
    K: int = responsibilities.shape[1]
    del previous  # no update starts from previous values
    counts: Array = responsibilities.sum(axis=0)  # (31) N_k = ∑_n γ_nk
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its update (31) is undefined; "
            "use fewer components or another start"
        )
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_X = np.log(X)  # (31) log x_nd
    weighted_sums = responsibilities.T @ log_X  # (31) ∑_n γ_nk log x_nd

    def concentrations_value(concentrations: Array) -> Array:  # (31)
        sums: Array = concentrations.sum(axis=1)  # (31)
        sums_2: Array = gammaln(concentrations).sum(axis=1)  # (31)
        sums_3: Array = np.einsum("kd,kd->k", responsibilities.T @ log_X, concentrations)  # (31)
        value: Array = gammaln(sums) * counts + sums_3 - sums_2 * counts
        return value

    def concentrations_derivatives(concentrations: Array) -> tuple[Array, Array]:  # (31)
        sums: Array = concentrations.sum(axis=1)  # (31)
        gradient: Array = (
            digamma(sums[:, np.newaxis]) * counts[:, np.newaxis]
            + weighted_sums
            - digamma(concentrations) * counts[:, np.newaxis]
        )
        diagonal: Array = -polygamma(1, concentrations) * counts[:, np.newaxis]
        rest: Array = polygamma(1, sums) * counts
        hessian: Array = rest[:, np.newaxis, np.newaxis] + diagonal[:, :, np.newaxis] * np.eye(D, dtype=X.dtype)
        return gradient, hessian

    concentrations = _newton(
        concentrations_value, concentrations_derivatives, np.ones((K, D)), "concentrations"
    )  # (31)
    concentrations = concentrations.astype(X.dtype)
    weights = counts / N  # (43)
    return Parameters(weights, concentrations)


def log_likelihood(X: Array, parameters: Parameters) -> float:
    """Log-likelihood of all data, in nats.

        (3) log-likelihood = ∑_n log(∑_k exp(l_nk))

    X: data, shape (N, D), positive, sum to one.
    """
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (3)
    totals: Array = np.exp(log_p - largest[:, np.newaxis]).sum(axis=1)  # (3)
    return float((largest + np.log(totals)).sum())  # (3)


def objective(X: Array, parameters: Parameters) -> float:
    """The log-likelihood of all data, in nats: what EM never lowers.

    X: data, shape (N, D), positive, sum to one.
    """
    return log_likelihood(X, parameters)


def em_step(X: Array, parameters: Parameters) -> tuple[Parameters, float]:
    """One iteration of EM: new parameters, and the objective at the given ones, in nats.

    X: data, shape (N, D), positive, sum to one.
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
    concentrations: K * D.
    """
    return K - 1 + K * D


def statistics(block: Array, parameters: Parameters) -> Statistics:
    """Sufficient statistics of a block of samples, which may be empty: those of blocks are merged.

        (49) N_k = ∑_n γ_nk
        (50) S¹_kd = ∑_n γ_nk log x_nd

    block: data, shape (N, D), positive, sum to one.
    """
    X = _data(block)
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    responsibilities = scaled / totals[:, np.newaxis]  # (13)
    log_likelihood = float((largest + np.log(totals)).sum())  # (3)
    counts: Array = responsibilities.sum(axis=0)  # (49)
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_X = np.log(X)  # (50) log x_nd
    log_sums = responsibilities.T @ log_X  # (50)
    return Statistics(counts, log_sums, log_likelihood)


def merge(a: Statistics, b: Statistics) -> Statistics:
    """Sufficient statistics of the samples of both."""
    counts = a.counts + b.counts  # (49)
    log_sums = a.log_sums + b.log_sums  # (50)
    return Statistics(counts, log_sums, a.log_likelihood + b.log_likelihood)


def update(statistics: Statistics, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise Q: those of m_step on the samples that the statistics are of.

        (51) α_kd = α_kd in the root of ψ(∑_d α_kd) N_k - ψ(α_kd) N_k + S¹_kd = 0
        (55) π_k = N_k/(∑_j N_j)

    previous: unused: no update starts from previous values.
    Raises ValueError where a component has no points (N_k = 0).
    """
    counts, log_sums, _ = statistics
    K = len(counts)
    D: int = log_sums.shape[1]
    del previous  # no update starts from previous values
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its update (51) is undefined; "
            "use fewer components or another start"
        )

    def concentrations_value(concentrations: Array) -> Array:  # (51)
        sums: Array = concentrations.sum(axis=1)  # (51)
        sums_2: Array = gammaln(concentrations).sum(axis=1)  # (51)
        sums_3: Array = np.einsum("kd,kd->k", concentrations, log_sums)  # (51)
        value: Array = gammaln(sums) * counts + sums_3 - sums_2 * counts
        return value

    def concentrations_derivatives(concentrations: Array) -> tuple[Array, Array]:  # (51)
        sums: Array = concentrations.sum(axis=1)  # (51)
        gradient: Array = (
            digamma(sums[:, np.newaxis]) * counts[:, np.newaxis]
            + log_sums
            - digamma(concentrations) * counts[:, np.newaxis]
        )
        diagonal: Array = -polygamma(1, concentrations) * counts[:, np.newaxis]
        rest: Array = polygamma(1, sums) * counts
        hessian: Array = rest[:, np.newaxis, np.newaxis] + diagonal[:, :, np.newaxis] * np.eye(D, dtype=counts.dtype)
        return gradient, hessian

    concentrations = _newton(
        concentrations_value, concentrations_derivatives, np.ones((K, D)), "concentrations"
    )  # (51)
    concentrations = concentrations.astype(counts.dtype)
    total_count = float(counts.sum())  # (55) ∑_j N_j
    weights = counts / total_count  # (55)
    return Parameters(weights, concentrations)


def features(block: Array, out: Array) -> None:
    """Functions of the data in which the log joint is linear, a column for each sample.

        (58) l_nk = η⁰_k + ∑_d η¹_kd log x_nd

    block: data, shape (N, D).
    out: array to be filled, shape (D + 1, N): 1; log x_nd.
    """
    X = _data(block)
    D: int = X.shape[1]
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        feature_1 = np.log(X)  # (58)
    out[0] = 1
    out[1 : D + 1] = feature_1.T  # log x_nd


def natural_parameters(parameters: Parameters) -> Array:
    """What multiplies the features in the log joint: a row for each component.

        (56) η⁰_k = log π_k + log Γ(∑_d α_kd) - ∑_d log Γ(α_kd)
        (57) η¹_kd = α_kd - 1

    Shape (K, D + 1), in the order of the rows of features.
    """
    weights, concentrations = (np.asarray(value, dtype=np.float64) for value in parameters)
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (56) log π_k
    sums: Array = concentrations.sum(axis=1)  # (56) ∑_d α_kd
    sums_2: Array = gammaln(concentrations).sum(axis=1)  # (56) ∑_d log Γ(α_kd)
    eta_0 = log_weights + gammaln(sums) - sums_2  # (56)
    eta_1 = concentrations - 1  # (57)
    return np.concatenate((eta_0[:, np.newaxis], eta_1), axis=1)


def gather(totals: Array, shared: Array, log_likelihood: float, parameters: Parameters, origin: Array) -> Statistics:
    """Sufficient statistics from sums of features.

        (49) N_k = N_k
        (50) S¹_kd = ∑_n γ_nk log x_nd

    totals: of features times responsibilities over the samples, shape (D + 1, K).
    shared: those of the shared features. log_likelihood: of the samples.
    parameters: those at which they were taken, for the sizes.
    origin: what the data were moved by before the features were taken; the statistics are about it.
    """
    del origin, shared  # not needed here
    D: int = parameters.concentrations.shape[1]
    counts = totals[0]  # (49)
    log_sums = totals[1 : D + 1].T  # (50)
    return Statistics(counts, log_sums, log_likelihood)


def _data(X: Array) -> Array:
    """X as an array of floats: float32 stays, everything else becomes float64.

    Raises ValueError for another rank, and for data that are not positive.
    """
    X = np.asarray(X)
    single = X.dtype.kind == "f" and X.dtype.itemsize == 4
    X = np.asarray(X, dtype=np.float32 if single else np.float64)
    if X.ndim != 2:
        raise ValueError(f"X has shape {X.shape}; expected (N, D), one row for each point")
    inside = X > 0
    if not inside.all():
        row = int(np.argwhere(~inside)[0, 0])
        raise ValueError(f"row {row} of X, counted from 0, holds {X[~inside][0]:g}; data must be positive")
    totals: Array = X.sum(axis=-1)
    if not np.allclose(totals, 1):
        row = int(np.argmax(np.abs(totals - 1)))
        raise ValueError(f"row {row} of X, counted from 0, sums to {totals[row]:g}; each must sum to 1")
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
