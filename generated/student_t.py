"""EM updates for the mixture model ``student-t``.

    (15) l_nk = log π_k - ½ D log(2 π) - ½ log det Σ_k + ½ ν_k log(½ ν_k) - log Γ(½ ν_k) + log Γ(½ D + ½ ν_k) - (½ D + ½
        ν_k) log(½ (x_n - μ_k)ᵀ Σ_k⁻¹ (x_n - μ_k) + ½ ν_k)

Student-t, heavy tails by a latent scale; full matrix and degrees of freedom for each component.

Generated from the model ``student-t``, derivation f9adba274a81, by ``numpy/module.py.jinja``. Do not edit: change the
model and run ``derive generate student-t``. Numbers in parentheses are the derivation's equations:
``derive show student-t``.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize.elementwise import bracket_root, find_root
from scipy.special import digamma, gammaln

Array = NDArray[np.floating[Any]]

MODEL = "student-t"
EVENT_SHAPE = ("D",)
PARAMETER_SHAPES = {"weights": ("K",), "means": ("K", "D"), "scales": ("K", "D", "D"), "degrees_of_freedom": ("K",)}
WEIGHTS = "weights"
KNOWNS: dict[str, tuple[str, ...]] = {}


class Parameters(NamedTuple):
    """The parameters of the model; K components, D coordinates.

    weights: π_k, shape (K,), positive, sum to one.
    means: μ_k, shape (K, D).
    scales: Σ_k, shape (K, D, D), symmetric positive definite.
    degrees_of_freedom: ν_k, shape (K,), positive.
    """

    weights: Array
    means: Array
    scales: Array
    degrees_of_freedom: Array


def log_joint(X: Array, parameters: Parameters) -> Array:
    """Log of weight times density, shape (N, K), in nats.

        (15) l_nk = log π_k - ½ D log(2 π) - ½ log det Σ_k + ½ ν_k log(½ ν_k) - log Γ(½ ν_k) + log Γ(½ D + ½ ν_k) - (½ D
            + ½ ν_k) log(½ (x_n - μ_k)ᵀ Σ_k⁻¹ (x_n - μ_k) + ½ ν_k)

    X: data, shape (N, D).
    Raises ValueError where X has another rank, LinAlgError for scales not positive definite, or degrees_of_freedom not
        positive.
    """
    X = _data(X)
    weights, means, scales, degrees_of_freedom = (np.asarray(value, dtype=X.dtype) for value in parameters)
    N = len(X)
    D: int = X.shape[1]
    K = len(weights)
    if not (degrees_of_freedom > 0).all():
        k = int(np.argmin(degrees_of_freedom > 0))
        raise np.linalg.LinAlgError(f"degrees_of_freedom of component {k} must be positive: {degrees_of_freedom[k]}")
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (15) log π_k
    cholesky = np.linalg.cholesky(scales)  # (15) L Lᵀ = Σ_k
    half_log_determinants: Array = np.log(np.diagonal(cholesky, axis1=1, axis2=2)).sum(axis=1)  # (15)
    total = D / 2 + degrees_of_freedom / 2  # (15) ½ D + ½ ν_k
    distances: Array = np.empty((K, N), dtype=X.dtype).T  # a column for each component, contiguous
    for k in range(K):
        centred = X - means[k]  # (15) x_n - μ_k
        whitened = _whitened(centred, cholesky[k])  # (15) L⁻¹ (x_n - μ_k)
        distances[:, k] = np.einsum("nd,nd->n", whitened, whitened)  # (15) (x_n - μ_k)ᵀ Σ_k⁻¹ (x_n - μ_k)
    return (
        log_weights
        + degrees_of_freedom * np.log(degrees_of_freedom / 2) / 2
        + gammaln(total)
        - D * math.log(2 * math.pi) / 2
        - half_log_determinants
        - gammaln(degrees_of_freedom / 2)
        - total * np.log(distances / 2 + degrees_of_freedom / 2)
    )  # (15)


def e_step(X: Array, parameters: Parameters) -> Array:
    """Responsibilities, the posterior probabilities of the components; shape (N, K), rows sum to one.

        (26) γ_nk = exp(l_nk)/(∑_j exp(l_nj))

    X: data, shape (N, D).
    """
    log_p = log_joint(X, parameters)  # (15)
    largest: Array = log_p.max(axis=1)  # (26)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (26)
    totals: Array = scaled.sum(axis=1)  # (26)
    return scaled / totals[:, np.newaxis]  # (26)


def moments(X: Array, parameters: Parameters) -> tuple[Array, Array]:
    """Posterior means of the latent variable and of its logarithm, each of shape (N, K).

        (11) w_nk = (½ D + ½ ν_k)/(½ (x_n - μ_k)ᵀ Σ_k⁻¹ (x_n - μ_k) + ½ ν_k)
        (13) h_nk = ψ(½ D + ½ ν_k) - log(½ (x_n - μ_k)ᵀ Σ_k⁻¹ (x_n - μ_k) + ½ ν_k)

    X: data, shape (N, D).
    Raises ValueError where X has another rank, LinAlgError for scales not positive definite, or degrees_of_freedom not
        positive.
    """
    X = _data(X)
    _, means, scales, degrees_of_freedom = (np.asarray(value, dtype=X.dtype) for value in parameters)
    N = len(X)
    D: int = X.shape[1]
    K = len(means)
    if not (degrees_of_freedom > 0).all():
        k = int(np.argmin(degrees_of_freedom > 0))
        raise np.linalg.LinAlgError(f"degrees_of_freedom of component {k} must be positive: {degrees_of_freedom[k]}")
    total = D / 2 + degrees_of_freedom / 2  # (11) ½ D + ½ ν_k
    cholesky = np.linalg.cholesky(scales)  # (11) L Lᵀ = Σ_k
    distances: Array = np.empty((K, N), dtype=X.dtype).T  # a column for each component, contiguous
    for k in range(K):
        centred = X - means[k]  # (11) x_n - μ_k
        whitened = _whitened(centred, cholesky[k])  # (11) L⁻¹ (x_n - μ_k)
        distances[:, k] = np.einsum("nd,nd->n", whitened, whitened)  # (11) (x_n - μ_k)ᵀ Σ_k⁻¹ (x_n - μ_k)
    total_2 = distances / 2 + degrees_of_freedom / 2  # (11) ½ (x_n - μ_k)ᵀ Σ_k⁻¹ (x_n - μ_k) + ½ ν_k
    mean_u = total / total_2  # (11)
    mean_log_u = digamma(total) - np.log(total_2)  # (13)
    return mean_u, mean_log_u


def m_step(X: Array, responsibilities: Array, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise the expected complete-data log-likelihood Q.

        (42) μ_k = 1/(∑_n γ_nk w_nk) ∑_n γ_nk w_nk x_n
        (54) Σ_k = 1/N_k ∑_n γ_nk w_nk (x_n - μ_k) (x_n - μ_k)ᵀ
        (76) ν_k = root of (log(½ ν_k)) N_k - ψ(½ ν_k) N_k + ∑_n γ_nk h_nk - ∑_n γ_nk w_nk + N_k = 0 in ν_k
        (88) π_k = N_k/N

    X: data, shape (N, D).
    responsibilities: γ, shape (N, K).
    previous: where the moments of the latent variable are taken; by default those of an exponential variable with rate
        1.
    Raises ValueError where X has another rank or a component has no points (N_k = 0).
    """
    X = _data(X)
    responsibilities = np.asarray(responsibilities, dtype=X.dtype)
    N = len(X)
    D: int = X.shape[1]
    K: int = responsibilities.shape[1]
    if previous is None:  # those of an exponential variable with rate 1
        mean_u = np.ones_like(responsibilities)  # (35)
        mean_log_u = np.full_like(responsibilities, -0.577215664901533)  # (36)
    else:
        mean_u, mean_log_u = moments(X, previous)
    counts: Array = responsibilities.sum(axis=0)  # (54) N_k = ∑_n γ_nk
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its updates (42), (54) and (76) are undefined; "
            "use fewer components or another start"
        )
    weighted_sums: Array = np.einsum("nk,nk->k", responsibilities, mean_u)  # (42) ∑_n γ_nk w_nk
    weighted = responsibilities * mean_u  # (42)
    means = weighted.T @ X / weighted_sums[:, np.newaxis]  # (42)
    roots = np.sqrt(weighted)  # (54)
    scatters: Array = np.empty((K, D, D), dtype=X.dtype)
    for k in range(K):
        centred = X - means[k]  # (54) x_n - μ_k
        scaled = roots[:, k, np.newaxis] * centred  # (54)
        scatters[k] = scaled.T @ scaled  # (54) ∑_n γ_nk w_nk (x_n - μ_k) (x_n - μ_k)ᵀ
    scales = scatters / counts[:, np.newaxis, np.newaxis]  # (54)
    weighted_sums_2: Array = np.einsum("nk,nk->k", responsibilities, mean_log_u)  # (76) ∑_n γ_nk h_nk
    total = weighted_sums_2 + counts - weighted_sums  # (76)

    def degrees_of_freedom_slope(degrees_of_freedom: Array, k: Array) -> Array:  # (76) falls past 0
        slope: Array = (
            total[k] + np.log(degrees_of_freedom / 2) * counts[k] - digamma(degrees_of_freedom / 2) * counts[k]
        )
        return slope

    degrees_of_freedom = _root(degrees_of_freedom_slope, "degrees_of_freedom", (K,), lower=0).astype(X.dtype)  # (76)
    weights = counts / N  # (88)
    return Parameters(weights, means, scales, degrees_of_freedom)


def log_likelihood(X: Array, parameters: Parameters) -> float:
    """Log-likelihood of all data, in nats.

        (16) log-likelihood = ∑_n log(∑_k exp(l_nk))

    X: data, shape (N, D).
    """
    log_p = log_joint(X, parameters)  # (15)
    largest: Array = log_p.max(axis=1)  # (16)
    totals: Array = np.exp(log_p - largest[:, np.newaxis]).sum(axis=1)  # (16)
    return float((largest + np.log(totals)).sum())  # (16)


def objective(X: Array, parameters: Parameters) -> float:
    """The log-likelihood of all data, in nats: what EM never lowers.

    X: data, shape (N, D).
    """
    return log_likelihood(X, parameters)


def em_step(X: Array, parameters: Parameters) -> tuple[Parameters, float]:
    """One iteration of EM: new parameters, and the objective at the given ones, in nats.

    X: data, shape (N, D).
    The log joint and its exponentials are computed once.
    """
    X = _data(X)
    log_p = log_joint(X, parameters)  # (15)
    largest: Array = log_p.max(axis=1)  # (26)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (26)
    totals: Array = scaled.sum(axis=1)  # (26)
    responsibilities = scaled / totals[:, np.newaxis]  # (26)
    value = float((largest + np.log(totals)).sum())  # (16)
    return m_step(X, responsibilities, parameters), value


def n_parameters(K: int, D: int = 1) -> int:
    """Number of free parameters.

    weights: K - 1.
    means: K * D.
    scales: K * D * (D + 1) // 2.
    degrees_of_freedom: K.
    """
    return K - 1 + K * D + K * D * (D + 1) // 2 + K


def _data(X: Array) -> Array:
    """X as an array of floats: float32 stays, everything else becomes float64."""
    X = np.asarray(X)
    single = X.dtype.kind == "f" and X.dtype.itemsize == 4
    X = np.asarray(X, dtype=np.float32 if single else np.float64)
    if X.ndim != 2:
        raise ValueError(f"X has shape {X.shape}; expected (N, D), one row for each point")
    return X


def _whitened(rows: Array, lower: Array) -> Array:
    """L⁻¹ x for each row x, shape (N, D), for a lower triangular matrix L, shape (D, D).

    Where D is large, columns are computed in four parts: products with the zeros above the diagonal are left out.
    """
    inverse = np.linalg.inv(lower)
    D = len(lower)
    if D < 96:
        return np.asarray(rows @ inverse.T)
    whitened: Array = np.empty_like(rows)
    width = -(-D // 4)
    for start in range(0, D, width):
        end = start + width
        whitened[:, start:end] = rows[:, :end] @ inverse[start:end, :end].T
    return whitened


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
