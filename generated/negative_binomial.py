"""EM updates for the mixture model ``negative-binomial``.

    (2) l_nk = log π_k + log Γ(x_n + r_k) - log Γ(r_k) - log Γ(x_n + 1) + r_k log p_k + x_n log(1 - p_k)

Negative binomial, size (dispersion) and probability of success for each component.

Generated from the model ``negative-binomial``, derivation 24146d1b4b00, by ``numpy/module.py.jinja``. Do not edit:
change the model and run ``derive generate negative-binomial``. Numbers in parentheses are the derivation's equations:
``derive show negative-binomial``.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize.elementwise import bracket_root, find_root
from scipy.special import digamma, gammaln

Array = NDArray[np.floating[Any]]

MODEL = "negative-binomial"
EVENT_SHAPE: tuple[str, ...] = ()
PARAMETER_SHAPES = {"weights": ("K",), "probabilities": ("K",), "sizes": ("K",)}
WEIGHTS = "weights"
KNOWNS: dict[str, tuple[str, ...]] = {}


class Parameters(NamedTuple):
    """The parameters of the model; K components.

    weights: π_k, shape (K,), positive, sum to one.
    probabilities: p_k, shape (K,), between zero and one.
    sizes: r_k, shape (K,), positive.
    """

    weights: Array
    probabilities: Array
    sizes: Array


def log_joint(X: Array, parameters: Parameters) -> Array:
    """Log of weight times density, shape (N, K), in nats.

        (2) l_nk = log π_k + log Γ(x_n + r_k) - log Γ(r_k) - log Γ(x_n + 1) + r_k log p_k + x_n log(1 - p_k)

    X: data, shape (N,) or (N, 1), whole numbers from 0.
    Raises ValueError where X has another rank, LinAlgError for sizes not positive, or probabilities not above zero and
        at most one.
    """
    X = _data(X)
    weights, probabilities, sizes = (np.asarray(value, dtype=X.dtype) for value in parameters)
    if not (sizes > 0).all():
        k = int(np.argmin(sizes > 0))
        raise np.linalg.LinAlgError(f"sizes of component {k} must be positive: {sizes[k]}")
    if not ((probabilities > 0) & (probabilities <= 1)).all():
        k = int(np.argmin((probabilities > 0) & (probabilities <= 1)))
        raise np.linalg.LinAlgError(
            f"probabilities of component {k} must be above zero and at most one: {probabilities[k]}"
        )
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (2) log π_k
    return (
        log_weights
        + gammaln(X[:, np.newaxis] + sizes)
        + sizes * np.log(probabilities)
        + _sum_of_logs(X[:, np.newaxis], (1 - probabilities)[:, np.newaxis])
        - gammaln(sizes)
        - gammaln(X[:, np.newaxis] + 1)
    )  # (2)


def e_step(X: Array, parameters: Parameters) -> Array:
    """Responsibilities, the posterior probabilities of the components; shape (N, K), rows sum to one.

        (13) γ_nk = exp(l_nk)/(∑_j exp(l_nj))

    X: data, shape (N,) or (N, 1), whole numbers from 0.
    """
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    return scaled / totals[:, np.newaxis]  # (13)


def m_step(X: Array, responsibilities: Array, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise the expected complete-data log-likelihood Q.

        (40) r_k = root of ∑_n γ_nk ψ(x_n + r_k) - ψ(r_k) N_k + (log(r_k N_k/(r_k N_k + ∑_n γ_nk x_n))) N_k = 0 in r_k
        (27) p_k = r_k N_k/(r_k N_k + ∑_n γ_nk x_n)
        (52) π_k = N_k/N

    X: data, shape (N,) or (N, 1), whole numbers from 0.
    responsibilities: γ, shape (N, K).
    previous: unused: no update starts from previous values.
    Raises ValueError where X has another rank or a component has no points (N_k = 0).
    """
    X = _data(X)
    responsibilities = np.asarray(responsibilities, dtype=X.dtype)
    N = len(X)
    K: int = responsibilities.shape[1]
    del previous  # no update starts from previous values
    counts: Array = responsibilities.sum(axis=0)  # (40) N_k = ∑_n γ_nk
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its updates (40) and (27) are undefined; "
            "use fewer components or another start"
        )
    weighted_sums = responsibilities.T @ X  # (40) ∑_n γ_nk x_n

    def sizes_slope(sizes: Array, k: Array) -> Array:  # (40) falls past 0
        scatters: Array = np.einsum("nk,nk->k", responsibilities[:, k], digamma(X[:, np.newaxis] + sizes))  # (40)
        slope: Array = (
            scatters
            + np.log(sizes * counts[k] / (sizes * counts[k] + weighted_sums[k])) * counts[k]
            - digamma(sizes) * counts[k]
        )
        return slope

    sizes = _root(sizes_slope, "sizes", (K,), lower=0).astype(X.dtype)  # (40)
    probabilities = np.minimum(counts * sizes / (counts * sizes + weighted_sums), 1)  # (27)
    weights = counts / N  # (52)
    return Parameters(weights, probabilities, sizes)


def log_likelihood(X: Array, parameters: Parameters) -> float:
    """Log-likelihood of all data, in nats.

        (3) log-likelihood = ∑_n log(∑_k exp(l_nk))

    X: data, shape (N,) or (N, 1), whole numbers from 0.
    """
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (3)
    totals: Array = np.exp(log_p - largest[:, np.newaxis]).sum(axis=1)  # (3)
    return float((largest + np.log(totals)).sum())  # (3)


def objective(X: Array, parameters: Parameters) -> float:
    """The log-likelihood of all data, in nats: what EM never lowers.

    X: data, shape (N,) or (N, 1), whole numbers from 0.
    """
    return log_likelihood(X, parameters)


def em_step(X: Array, parameters: Parameters) -> tuple[Parameters, float]:
    """One iteration of EM: new parameters, and the objective at the given ones, in nats.

    X: data, shape (N,) or (N, 1), whole numbers from 0.
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
    probabilities: K.
    sizes: K.
    """
    del D  # no parameter has this size
    return K - 1 + K + K


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
