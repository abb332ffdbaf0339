"""EM updates for the mixture model ``weibull``.

    (2) l_nk = log π_k + log a_k + log r_k + (a_k - 1) log x_n - r_k x_n^a_k

Weibull, shape a and rate r for each component; the scale is r^(-1/a).

Generated from the model ``weibull``, derivation 95aa158d504d, by ``numpy/module.py.jinja``. Do not edit: change the
model and run ``derive generate weibull``. Numbers in parentheses are the derivation's equations:
``derive show weibull``.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize.elementwise import bracket_root, find_root

Array = NDArray[np.floating[Any]]

MODEL = "weibull"
EVENT_SHAPE: tuple[str, ...] = ()
PARAMETER_SHAPES = {"weights": ("K",), "rates": ("K",), "shapes": ("K",)}
WEIGHTS = "weights"
KNOWNS: dict[str, tuple[str, ...]] = {}


class Parameters(NamedTuple):
    """The parameters of the model; K components.

    weights: π_k, shape (K,), positive, sum to one.
    rates: r_k, shape (K,), positive.
    shapes: a_k, shape (K,), positive.
    """

    weights: Array
    rates: Array
    shapes: Array


def log_joint(X: Array, parameters: Parameters) -> Array:
    """Log of weight times density, shape (N, K), in nats.

        (2) l_nk = log π_k + log a_k + log r_k + (a_k - 1) log x_n - r_k x_n^a_k

    X: data, shape (N,) or (N, 1), positive.
    Raises ValueError where X has another rank, LinAlgError for rates or shapes not positive.
    """
    X = _data(X)
    weights, rates, shapes = (np.asarray(value, dtype=X.dtype) for value in parameters)
    if not (rates > 0).all():
        k = int(np.argmin(rates > 0))
        raise np.linalg.LinAlgError(f"rates of component {k} must be positive: {rates[k]}")
    if not (shapes > 0).all():
        k = int(np.argmin(shapes > 0))
        raise np.linalg.LinAlgError(f"shapes of component {k} must be positive: {shapes[k]}")
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (2) log π_k
    return (
        log_weights
        + np.log(shapes)
        + np.log(rates)
        + (shapes - 1) * np.log(X[:, np.newaxis])
        - rates * X[:, np.newaxis] ** shapes
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

        (42) a_k = root of N_k/a_k + ∑_n γ_nk log x_n - 1/(∑_n γ_nk x_n^a_k) N_k ∑_n γ_nk x_n^a_k log x_n = 0 in a_k
        (27) r_k = N_k/(∑_n γ_nk x_n^a_k)
        (54) π_k = N_k/N

    X: data, shape (N,) or (N, 1), positive.
    responsibilities: γ, shape (N, K).
    previous: unused: no update starts from previous values.
    Raises ValueError where X has another rank or a component has no points (N_k = 0).
    """
    X = _data(X)
    responsibilities = np.asarray(responsibilities, dtype=X.dtype)
    N = len(X)
    K: int = responsibilities.shape[1]
    del previous  # no update starts from previous values
    counts: Array = responsibilities.sum(axis=0)  # (42) N_k = ∑_n γ_nk
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its updates (42) and (27) are undefined; "
            "use fewer components or another start"
        )
    log_X = np.log(X)  # (42) log x_n
    weighted_sums = responsibilities.T @ log_X  # (42) ∑_n γ_nk log x_n
    with np.errstate(divide="ignore"):  # log 0 = -inf: such a point has no part
        log_responsibilities = np.log(responsibilities)  # (42)

    def shapes_slope(shapes: Array, k: Array) -> Array:  # (42) falls past 0
        exponents = log_responsibilities[:, k] + shapes * log_X[:, np.newaxis]  # (42)
        largest: Array = exponents.max(axis=0)  # (42)
        scaled = np.exp(exponents - largest)  # (42)
        totals: Array = scaled.sum(axis=0)  # (42)
        slope: Array = counts[k] / shapes + weighted_sums[k] - log_X @ scaled * counts[k] / totals
        return slope

    shapes = _root(shapes_slope, "shapes", (K,), lower=0).astype(X.dtype)  # (42)
    weighted_sums_2: Array = np.einsum("nk,nk->k", responsibilities, X[:, np.newaxis] ** shapes)  # (27)
    rates = counts / weighted_sums_2  # (27)
    weights = counts / N  # (54)
    return Parameters(weights, rates, shapes)


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
    rates: K.
    shapes: K.
    """
    del D  # no parameter has this size
    return K - 1 + K + K


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
