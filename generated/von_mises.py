"""EM updates for the mixture model ``von-mises``.

    (2) l_nk = log π_k + κ_k cos(x_n - μ_k) - log(2 π) - log I_0(κ_k)

Von Mises, angles in radians, mean direction and concentration for each component.

Generated from the model ``von-mises``, derivation b3e9cdb60eb3, by ``numpy/module.py.jinja``. Do not edit: change the
model and run ``derive generate von-mises``. Numbers in parentheses are the derivation's equations:
``derive show von-mises``.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize.elementwise import bracket_root, find_root
from scipy.special import ive

Array = NDArray[np.floating[Any]]

MODEL = "von-mises"
EVENT_SHAPE: tuple[str, ...] = ()
PARAMETER_SHAPES = {"weights": ("K",), "directions": ("K",), "concentrations": ("K",)}
WEIGHTS = "weights"
KNOWNS: dict[str, tuple[str, ...]] = {}
STATISTIC_SHAPES: dict[str, tuple[str, ...]] = {
    "counts": ("K",),
    "moments": ("K",),
    "moments_2": ("K",),
    "log_likelihood": (),
}


class Parameters(NamedTuple):
    """The parameters of the model; K components.

    weights: π_k, shape (K,), positive, sum to one.
    directions: μ_k, shape (K,).
    concentrations: κ_k, shape (K,), positive.
    """

    weights: Array
    directions: Array
    concentrations: Array


class Statistics(NamedTuple):
    """Sufficient statistics of some samples: all that the updates need of them.

    counts: (57) N_k = ∑_n γ_nk, shape (K,).
    moments: (58) S¹_k = ∑_n γ_nk sin(x_n), shape (K,).
    moments_2: (59) S²_k = ∑_n γ_nk cos(x_n), shape (K,).
    log_likelihood: of the samples, at the parameters for which the sums were taken, in nats.
    """

    counts: Array
    moments: Array
    moments_2: Array
    log_likelihood: float


def log_joint(X: Array, parameters: Parameters) -> Array:
    """Log of weight times density, shape (N, K), in nats.

        (2) l_nk = log π_k + κ_k cos(x_n - μ_k) - log(2 π) - log I_0(κ_k)

    X: data, shape (N,) or (N, 1).
    Raises ValueError where X has another rank, LinAlgError for concentrations not positive.
    """
    X = _data(X)
    weights, directions, concentrations = (np.asarray(value, dtype=X.dtype) for value in parameters)
    if not (concentrations > 0).all():
        k = int(np.argmin(concentrations > 0))
        raise np.linalg.LinAlgError(f"concentrations of component {k} must be positive: {concentrations[k]}")
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (2) log π_k
    return (
        log_weights
        + concentrations * np.cos(X[:, np.newaxis] - directions)
        - math.log(2 * math.pi)
        - _log_bessel_i(0, concentrations)
    )  # (2)


def e_step(X: Array, parameters: Parameters) -> Array:
    """Responsibilities, the posterior probabilities of the components; shape (N, K), rows sum to one.

        (13) γ_nk = exp(l_nk)/(∑_j exp(l_nj))

    X: data, shape (N,) or (N, 1).
    """
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    return scaled / totals[:, np.newaxis]  # (13)


def m_step(X: Array, responsibilities: Array, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise the expected complete-data log-likelihood Q.

        (30) μ_k = atan2(∑_n γ_nk sin(x_n), ∑_n γ_nk cos(x_n))
        (39) κ_k = root of ∑_n γ_nk cos(x_n - μ_k) - I_1(κ_k)/I_0(κ_k) N_k = 0 in κ_k
        (51) π_k = N_k/N

    X: data, shape (N,) or (N, 1).
    responsibilities: γ, shape (N, K).
    previous: unused: no update starts from previous values.
    Raises ValueError where X has another rank or a component has no points (N_k = 0).
    """
    X = _data(X)
    responsibilities = np.asarray(responsibilities, dtype=X.dtype)
    N = len(X)
    K: int = responsibilities.shape[1]
    del previous  # no update starts from previous values
    counts: Array = responsibilities.sum(axis=0)  # (39) N_k = ∑_n γ_nk
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its update (39) is undefined; "
            "use fewer components or another start"
        )
    directions = np.arctan2(responsibilities.T @ np.sin(X), responsibilities.T @ np.cos(X))  # (30)
    scatters: Array = np.einsum("nk,nk->k", responsibilities, np.cos(X[:, np.newaxis] - directions))  # (39)

    def concentrations_slope(concentrations: Array, k: Array) -> Array:  # (39) falls past 0
        slope: Array = scatters[k] - _bessel_ratio(0, concentrations) * counts[k]
        return slope

    concentrations = _root(concentrations_slope, "concentrations", (K,), lower=0).astype(X.dtype)  # (39)
    weights = counts / N  # (51)
    return Parameters(weights, directions, concentrations)


def log_likelihood(X: Array, parameters: Parameters) -> float:
    """Log-likelihood of all data, in nats.

        (3) log-likelihood = ∑_n log(∑_k exp(l_nk))

    X: data, shape (N,) or (N, 1).
    """
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (3)
    totals: Array = np.exp(log_p - largest[:, np.newaxis]).sum(axis=1)  # (3)
    return float((largest + np.log(totals)).sum())  # (3)


def objective(X: Array, parameters: Parameters) -> float:
    """The log-likelihood of all data, in nats: what EM never lowers.

    X: data, shape (N,) or (N, 1).
    """
    return log_likelihood(X, parameters)


def em_step(X: Array, parameters: Parameters) -> tuple[Parameters, float]:
    """One iteration of EM: new parameters, and the objective at the given ones, in nats.

    X: data, shape (N,) or (N, 1).
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
    directions: K.
    concentrations: K.
    """
    del D  # no parameter has this size
    return K - 1 + K + K


def statistics(block: Array, parameters: Parameters) -> Statistics:
    """Sufficient statistics of a block of samples, which may be empty: those of blocks are merged.

        (57) N_k = ∑_n γ_nk
        (58) S¹_k = ∑_n γ_nk sin(x_n)
        (59) S²_k = ∑_n γ_nk cos(x_n)

    block: data, shape (N,) or (N, 1).
    """
    X = _data(block)
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    responsibilities = scaled / totals[:, np.newaxis]  # (13)
    log_likelihood = float((largest + np.log(totals)).sum())  # (3)
    counts: Array = responsibilities.sum(axis=0)  # (57)
    moments = responsibilities.T @ np.sin(X)  # (58)
    moments_2 = responsibilities.T @ np.cos(X)  # (59)
    return Statistics(counts, moments, moments_2, log_likelihood)


def merge(a: Statistics, b: Statistics) -> Statistics:
    """Sufficient statistics of the samples of both."""
    counts = a.counts + b.counts  # (57)
    moments = a.moments + b.moments  # (58)
    moments_2 = a.moments_2 + b.moments_2  # (59)
    return Statistics(counts, moments, moments_2, a.log_likelihood + b.log_likelihood)


def update(statistics: Statistics, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise Q: those of m_step on the samples that the statistics are of.

        (60) μ_k = atan2(S¹_k, S²_k)
        (61) κ_k = root of cos(-μ_k) S²_k - sin(-μ_k) S¹_k - I_1(κ_k)/I_0(κ_k) N_k = 0 in κ_k
        (62) π_k = N_k/(∑_j N_j)

    previous: unused: no update starts from previous values.
    Raises ValueError where a component has no points (N_k = 0).
    """
    counts, moments, moments_2, _ = statistics
    K = len(counts)
    del previous  # no update starts from previous values
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its update (61) is undefined; "
            "use fewer components or another start"
        )
    directions = np.arctan2(moments, moments_2)  # (60)
    differences = np.cos(-directions) * moments_2 - np.sin(-directions) * moments  # (61)

    def concentrations_slope(concentrations: Array, k: Array) -> Array:  # (61) falls past 0
        slope: Array = differences[k] - _bessel_ratio(0, concentrations) * counts[k]
        return slope

    concentrations = _root(concentrations_slope, "concentrations", (K,), lower=0).astype(counts.dtype)  # (61)
    total_count = float(counts.sum())  # (62) ∑_j N_j
    weights = counts / total_count  # (62)
    return Parameters(weights, directions, concentrations)


def features(block: Array, out: Array) -> None:
    """Functions of the data in which the log joint is linear, a column for each sample.

        (66) l_nk = η⁰_k + η¹_k cos(x_n) + η²_k sin(x_n)

    block: data, shape (N,).
    out: array to be filled, shape (3, N): 1; cos(x_n); sin(x_n).
    """
    X = _data(block)
    feature_1 = np.cos(X)  # (66)
    feature_2 = np.sin(X)  # (66)
    out[0] = 1
    out[1] = feature_1  # cos(x_n)
    out[2] = feature_2  # sin(x_n)


def natural_parameters(parameters: Parameters) -> Array:
    """What multiplies the features in the log joint: a row for each component.

        (63) η⁰_k = log π_k - log(2 π) - log I_0(κ_k)
        (64) η¹_k = κ_k cos(-μ_k)
        (65) η²_k = -κ_k sin(-μ_k)

    Shape (K, 3), in the order of the rows of features.
    """
    weights, directions, concentrations = (np.asarray(value, dtype=np.float64) for value in parameters)
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (63) log π_k
    eta_0 = log_weights - math.log(2 * math.pi) - _log_bessel_i(0, concentrations)  # (63)
    eta_1 = concentrations * np.cos(-directions)  # (64)
    eta_2 = -concentrations * np.sin(-directions)  # (65)
    return np.concatenate((eta_0[:, np.newaxis], eta_1[:, np.newaxis], eta_2[:, np.newaxis]), axis=1)


def gather(totals: Array, shared: Array, log_likelihood: float, parameters: Parameters, origin: Array) -> Statistics:
    """Sufficient statistics from sums of features.

        (57) N_k = N_k
        (58) S¹_k = ∑_n γ_nk sin(x_n)
        (59) S²_k = ∑_n γ_nk cos(x_n)

    totals: of features times responsibilities over the samples, shape (3, K).
    shared: those of the shared features. log_likelihood: of the samples.
    parameters: those at which they were taken, for the sizes.
    origin: what the data were moved by before the features were taken; the statistics are about it.
    """
    del origin, parameters, shared  # not needed here
    counts = totals[0]  # (57)
    moments = totals[2]  # (58)
    moments_2 = totals[1]  # (59)
    return Statistics(counts, moments, moments_2, log_likelihood)


def _data(X: Array) -> Array:
    """X as an array of floats: float32 stays, everything else becomes float64."""
    X = np.asarray(X)
    single = X.dtype.kind == "f" and X.dtype.itemsize == 4
    X = np.asarray(X, dtype=np.float32 if single else np.float64)
    if X.ndim == 2 and X.shape[1] == 1:
        X = np.ascontiguousarray(X[:, 0])
    if X.ndim != 1:
        raise ValueError(f"X has shape {X.shape}; expected (N,) or (N, 1), one number for each point")
    return X


def _log_bessel_i(order: float | Array, x: Array) -> Array:
    """log I_v(x), for x > 0; I_v itself would overflow beyond x = 700 and is scaled by exp(-x) therefore."""
    value: Array = np.log(ive(order, x)) + x
    return value


def _bessel_ratio(order: float | Array, x: Array) -> Array:
    """I_{v+1}(x) / I_v(x), for x > 0; both would overflow beyond x = 700 and are scaled by exp(-x) therefore."""
    value: Array = ive(order + 1, x) / ive(order, x)
    return value


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
