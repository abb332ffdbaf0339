"""EM updates for the mixture model ``gumbel``.

    (2) l_nk = log π_k - log β_k - (x_n - μ_k)/β_k - exp(-(x_n - μ_k)/β_k)

Gumbel (of largest values), location and scale for each component.

Generated from the model ``gumbel``, derivation fc8ffb146798, by ``numpy/module.py.jinja``. Do not edit: change the
model and run ``derive generate gumbel``. Numbers in parentheses are the derivation's equations: ``derive show gumbel``.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize.elementwise import bracket_root, find_root

Array = NDArray[np.floating[Any]]

MODEL = "gumbel"
EVENT_SHAPE: tuple[str, ...] = ()
PARAMETER_SHAPES = {"weights": ("K",), "locations": ("K",), "scales": ("K",)}
WEIGHTS = "weights"
KNOWNS: dict[str, tuple[str, ...]] = {}


class Parameters(NamedTuple):
    """The parameters of the model; K components.

    weights: π_k, shape (K,), positive, sum to one.
    locations: μ_k, shape (K,).
    scales: β_k, shape (K,), positive.
    """

    weights: Array
    locations: Array
    scales: Array


def log_joint(X: Array, parameters: Parameters) -> Array:
    """Log of weight times density, shape (N, K), in nats.

        (2) l_nk = log π_k - log β_k - (x_n - μ_k)/β_k - exp(-(x_n - μ_k)/β_k)

    X: data, shape (N,) or (N, 1).
    Raises ValueError where X has another rank, LinAlgError for scales not positive.
    """
    X = _data(X)
    weights, locations, scales = (np.asarray(value, dtype=X.dtype) for value in parameters)
    if not (scales > 0).all():
        k = int(np.argmin(scales > 0))
        raise np.linalg.LinAlgError(f"scales of component {k} must be positive: {scales[k]}")
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (2) log π_k
    product = -(X[:, np.newaxis] - locations) / scales  # (2) -(x_n - μ_k)/β_k
    return log_weights - np.log(scales) - (X[:, np.newaxis] - locations) / scales - np.exp(product)  # (2)


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

        (45) β_k = root of ∑_n γ_nk x_n - β_k N_k - 1/(∑_n γ_nk exp(-x_n/β_k)) N_k ∑_n γ_nk exp(-x_n/β_k) x_n = 0 in β_k
        (31) μ_k = β_k log(N_k/(∑_n γ_nk exp(-x_n/β_k)))
        (57) π_k = N_k/N

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
    counts: Array = responsibilities.sum(axis=0)  # (45) N_k = ∑_n γ_nk
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its updates (45) and (31) are undefined; "
            "use fewer components or another start"
        )
    weighted_sums = responsibilities.T @ X  # (45) ∑_n γ_nk x_n
    with np.errstate(divide="ignore"):  # log 0 = -inf: such a point has no part
        log_responsibilities = np.log(responsibilities)  # (45)

    def scales_slope(scales: Array, k: Array) -> Array:  # (45) falls past 0
        exponents = log_responsibilities[:, k] - X[:, np.newaxis] / scales  # (45)
        largest: Array = exponents.max(axis=0)  # (45)
        scaled = np.exp(exponents - largest)  # (45)
        totals: Array = scaled.sum(axis=0)  # (45)
        slope: Array = weighted_sums[k] - scales * counts[k] - X @ scaled * counts[k] / totals
        return slope

    scales = _root(scales_slope, "scales", (K,), lower=0).astype(X.dtype)  # (45)
    exponents_2 = log_responsibilities - X[:, np.newaxis] / scales  # (31)
    largest_2: Array = exponents_2.max(axis=0)  # (31)
    totals_2: Array = np.exp(exponents_2 - largest_2).sum(axis=0)  # (31)
    locations = scales * (np.log(counts / totals_2) - largest_2)  # (31)
    weights = counts / N  # (57)
    return Parameters(weights, locations, scales)


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
    locations: K.
    scales: K.
    """
    del D  # no parameter has this size
    return K - 1 + K + K


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
