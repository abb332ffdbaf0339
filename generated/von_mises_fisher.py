"""EM updates for the mixture model ``von-mises-fisher``.

    (2) l_nk = log π_k + κ_k μ_kᵀ x_n + (½ D - 1) log κ_k - ½ D log(2 π) - log I_(½ D - 1)(κ_k)

Von Mises-Fisher, unit vectors, mean direction and concentration for each component.

Generated from the model ``von-mises-fisher``, derivation 245a1cda5cbf, by ``numpy/module.py.jinja``. Do not edit:
change the model and run ``derive generate von-mises-fisher``. Numbers in parentheses are the derivation's equations:
``derive show von-mises-fisher``.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize.elementwise import bracket_root, find_root
from scipy.special import gammaln, ive

Array = NDArray[np.floating[Any]]

MODEL = "von-mises-fisher"
EVENT_SHAPE = ("D",)
PARAMETER_SHAPES = {"weights": ("K",), "directions": ("K", "D"), "concentrations": ("K",)}
WEIGHTS = "weights"
KNOWNS: dict[str, tuple[str, ...]] = {}
STATISTIC_SHAPES: dict[str, tuple[str, ...]] = {"counts": ("K",), "sums": ("K", "D"), "log_likelihood": ()}


class Parameters(NamedTuple):
    """The parameters of the model; K components, D coordinates.

    weights: π_k, shape (K,), positive, sum to one.
    directions: μ_k, shape (K, D), of length one.
    concentrations: κ_k, shape (K,), positive.
    """

    weights: Array
    directions: Array
    concentrations: Array


class Statistics(NamedTuple):
    """Sufficient statistics of some samples: all that the updates need of them.

    counts: (59) N_k = ∑_n γ_nk, shape (K,).
    sums: (60) S¹_k = ∑_n γ_nk x_n, shape (K, D).
    log_likelihood: of the samples, at the parameters for which the sums were taken, in nats.
    """

    counts: Array
    sums: Array
    log_likelihood: float


def log_joint(X: Array, parameters: Parameters) -> Array:
    """Log of weight times density, shape (N, K), in nats.

        (2) l_nk = log π_k + κ_k μ_kᵀ x_n + (½ D - 1) log κ_k - ½ D log(2 π) - log I_(½ D - 1)(κ_k)

    X: data, shape (N, D), of length one.
    Raises ValueError where X has another rank, LinAlgError for concentrations not positive.
    """
    X = _data(X)
    weights, directions, concentrations = (np.asarray(value, dtype=X.dtype) for value in parameters)
    D: int = X.shape[1]
    if not (concentrations > 0).all():
        k = int(np.argmin(concentrations > 0))
        raise np.linalg.LinAlgError(f"concentrations of component {k} must be positive: {concentrations[k]}")
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (2) log π_k
    return (
        log_weights
        + X @ directions.T * concentrations
        + (D / 2 - 1) * np.log(concentrations)
        - D * math.log(2 * math.pi) / 2
        - _log_bessel_i(D / 2 - 1, concentrations)
    )  # (2)


def e_step(X: Array, parameters: Parameters) -> Array:
    """Responsibilities, the posterior probabilities of the components; shape (N, K), rows sum to one.

        (13) γ_nk = exp(l_nk)/(∑_j exp(l_nj))

    X: data, shape (N, D), of length one.
    """
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    return scaled / totals[:, np.newaxis]  # (13)


def m_step(X: Array, responsibilities: Array, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise the expected complete-data log-likelihood Q.

        (31) μ_k = 1/√frobeniusnorm(sum(n, (gamma[n, k] * x[n]))) ∑_n γ_nk x_n
        (41) κ_k = root of ∑_n γ_nk μ_kᵀ x_n - I_(½ D)(κ_k)/I_(½ D - 1)(κ_k) N_k = 0 in κ_k
        (53) π_k = N_k/N

    X: data, shape (N, D), of length one.
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
    counts: Array = responsibilities.sum(axis=0)  # (41) N_k = ∑_n γ_nk
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its update (41) is undefined; "
            "use fewer components or another start"
        )
    weighted_sums = responsibilities.T @ X  # (31) ∑_n γ_nk x_n
    distances: Array = np.einsum("kd,kd->k", weighted_sums, weighted_sums)  # (31)
    directions = weighted_sums / np.sqrt(distances[:, np.newaxis])  # (31)
    weighted_sums_2: Array = np.einsum("nk,nk->k", responsibilities, X @ directions.T)  # (41) ∑_n γ_nk μ_kᵀ x_n

    def concentrations_slope(concentrations: Array, k: Array) -> Array:  # (41) falls past 0
        slope: Array = weighted_sums_2[k] - _bessel_ratio(D / 2 - 1, concentrations) * counts[k]
        return slope

    concentrations = _root(concentrations_slope, "concentrations", (K,), lower=0).astype(X.dtype)  # (41)
    weights = counts / N  # (53)
    return Parameters(weights, directions, concentrations)


def log_likelihood(X: Array, parameters: Parameters) -> float:
    """Log-likelihood of all data, in nats.

        (3) log-likelihood = ∑_n log(∑_k exp(l_nk))

    X: data, shape (N, D), of length one.
    """
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (3)
    totals: Array = np.exp(log_p - largest[:, np.newaxis]).sum(axis=1)  # (3)
    return float((largest + np.log(totals)).sum())  # (3)


def objective(X: Array, parameters: Parameters) -> float:
    """The log-likelihood of all data, in nats: what EM never lowers.

    X: data, shape (N, D), of length one.
    """
    return log_likelihood(X, parameters)


def em_step(X: Array, parameters: Parameters) -> tuple[Parameters, float]:
    """One iteration of EM: new parameters, and the objective at the given ones, in nats.

    X: data, shape (N, D), of length one.
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
    directions: K * (D - 1).
    concentrations: K.
    """
    return K - 1 + K * (D - 1) + K


def statistics(block: Array, parameters: Parameters) -> Statistics:
    """Sufficient statistics of a block of samples, which may be empty: those of blocks are merged.

        (59) N_k = ∑_n γ_nk
        (60) S¹_k = ∑_n γ_nk x_n

    block: data, shape (N, D), of length one.
    """
    X = _data(block)
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    responsibilities = scaled / totals[:, np.newaxis]  # (13)
    log_likelihood = float((largest + np.log(totals)).sum())  # (3)
    counts: Array = responsibilities.sum(axis=0)  # (59)
    sums = responsibilities.T @ X  # (60)
    return Statistics(counts, sums, log_likelihood)


def merge(a: Statistics, b: Statistics) -> Statistics:
    """Sufficient statistics of the samples of both."""
    counts = a.counts + b.counts  # (59)
    sums = a.sums + b.sums  # (60)
    return Statistics(counts, sums, a.log_likelihood + b.log_likelihood)


def update(statistics: Statistics, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise Q: those of m_step on the samples that the statistics are of.

        (61) μ_k = S¹_k/√frobeniusnorm(S1[k])
        (62) κ_k = root of μ_kᵀ S¹_k - I_(½ D)(κ_k)/I_(½ D - 1)(κ_k) N_k = 0 in κ_k
        (63) π_k = N_k/(∑_j N_j)

    previous: unused: no update starts from previous values.
    Raises ValueError where a component has no points (N_k = 0).
    """
    counts, sums, _ = statistics
    K = len(counts)
    D: int = sums.shape[1]
    del previous  # no update starts from previous values
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its update (62) is undefined; "
            "use fewer components or another start"
        )
    distances: Array = np.einsum("kd,kd->k", sums, sums)  # (61) frobeniusnorm(S1[k])
    directions = sums / np.sqrt(distances[:, np.newaxis])  # (61)
    predictions: Array = np.einsum("kd,kd->k", directions, sums)  # (62) μ_kᵀ S¹_k

    def concentrations_slope(concentrations: Array, k: Array) -> Array:  # (62) falls past 0
        slope: Array = predictions[k] - _bessel_ratio(D / 2 - 1, concentrations) * counts[k]
        return slope

    concentrations = _root(concentrations_slope, "concentrations", (K,), lower=0).astype(counts.dtype)  # (62)
    total_count = float(counts.sum())  # (63) ∑_j N_j
    weights = counts / total_count  # (63)
    return Parameters(weights, directions, concentrations)


def features(block: Array, out: Array) -> None:
    """Functions of the data in which the log joint is linear, a column for each sample.

        (66) l_nk = η⁰_k + η¹_kᵀ x_n

    block: data, shape (N, D).
    out: array to be filled, shape (D + 1, N): 1; x_n.
    """
    X = _data(block)
    D: int = X.shape[1]
    out[0] = 1
    out[1 : D + 1] = X.T  # x_n


def natural_parameters(parameters: Parameters) -> Array:
    """What multiplies the features in the log joint: a row for each component.

        (64) η⁰_k = log π_k + (½ D - 1) log κ_k - ½ D log(2 π) - log I_(½ D - 1)(κ_k)
        (65) η¹_k = κ_k μ_k

    Shape (K, D + 1), in the order of the rows of features.
    """
    weights, directions, concentrations = (np.asarray(value, dtype=np.float64) for value in parameters)
    D: int = directions.shape[1]
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (64) log π_k
    eta_0 = (
        log_weights
        + (D / 2 - 1) * np.log(concentrations)
        - D * math.log(2 * math.pi) / 2
        - _log_bessel_i(D / 2 - 1, concentrations)
    )  # (64)
    eta_1 = concentrations[:, np.newaxis] * directions  # (65)
    return np.concatenate((eta_0[:, np.newaxis], eta_1), axis=1)


def gather(totals: Array, shared: Array, log_likelihood: float, parameters: Parameters, origin: Array) -> Statistics:
    """Sufficient statistics from sums of features.

        (59) N_k = N_k
        (60) S¹_k = ∑_n γ_nk x_n

    totals: of features times responsibilities over the samples, shape (D + 1, K).
    shared: those of the shared features. log_likelihood: of the samples.
    parameters: those at which they were taken, for the sizes.
    origin: what the data were moved by before the features were taken; the statistics are about it.
    """
    del origin, shared  # not needed here
    D: int = parameters.directions.shape[1]
    counts = totals[0]  # (59)
    sums = totals[1 : D + 1].T  # (60)
    return Statistics(counts, sums, log_likelihood)


def _data(X: Array) -> Array:
    """X as an array of floats: float32 stays, everything else becomes float64."""
    X = np.asarray(X)
    single = X.dtype.kind == "f" and X.dtype.itemsize == 4
    X = np.asarray(X, dtype=np.float32 if single else np.float64)
    if X.ndim != 2:
        raise ValueError(f"X has shape {X.shape}; expected (N, D), one row for each point")
    lengths: Array = np.linalg.norm(X, axis=-1)
    if not np.allclose(lengths, 1):
        row = int(np.argmax(~np.isclose(lengths, 1)))
        message = f"row {row} of X, counted from 0, has length {lengths[row]:g}; each must have length 1"
        raise ValueError(message)
    return X


def _log_bessel_i(order: float | Array, x: Array) -> Array:
    """log I_v(x), for x > 0.

    I_v(x) overflows beyond x = 700 and is scaled by exp(-x) therefore. That vanishes where x is small beside
    the order: there, and only there, the power series is summed (DLMF 10.25.2).
    """
    scaled: Array = ive(order, x)
    small = scaled < np.finfo(scaled.dtype).tiny
    series = _bessel_series(order, np.where(small, x, 0))
    with np.errstate(divide="ignore"):
        of_small: Array = order * np.log(x / 2) - gammaln(order + 1) + np.log(series)
        of_large: Array = np.log(scaled) + x
    return np.where(small, of_small, of_large).astype(x.dtype)


def _bessel_ratio(order: float | Array, x: Array) -> Array:
    """I_{v+1}(x) / I_v(x), for x > 0.

    Both overflow beyond x = 700 and are scaled by exp(-x) therefore. That vanishes where x is small beside
    the order: there, and only there, their power series are summed (DLMF 10.25.2).
    """
    above: Array = ive(order + 1, x)
    small = above < np.finfo(above.dtype).tiny
    near = np.where(small, x, 0)
    ratio: Array = _bessel_series(order + 1, near) / _bessel_series(order, near)
    of_small = ratio * near / (2 * (order + 1))
    of_large: Array = above / np.where(small, 1, ive(order, x))
    return np.where(small, of_small, of_large).astype(x.dtype)


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


def _bessel_series(order: float | Array, x: Array) -> Array:
    """I_v(x) over its first term (x / 2)^v / Γ(v + 1), by its power series, for x that is small beside the order v."""
    quarter = x * x / 4
    term: Array = np.ones_like(quarter)
    total, m = term, 0
    while (term > np.finfo(term.dtype).eps * total).any():
        m += 1
        term = term * quarter / (m * (order + m))
        total = total + term
    return total
