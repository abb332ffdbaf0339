"""EM updates for the mixture model ``gaussian-tied``.

    (2) l_nk = log π_k - ½ D log(2 π) - ½ log det Σ - ½ (x_n - μ_k)ᵀ Σ⁻¹ (x_n - μ_k)

Gaussian, one full covariance matrix shared by all components.

Generated from the model ``gaussian-tied``, derivation 6790598d2e87, by ``numpy/module.py.jinja``. Do not edit: change
the model and run ``derive generate gaussian-tied``. Numbers in parentheses are the derivation's equations:
``derive show gaussian-tied``.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

MODEL = "gaussian-tied"
EVENT_SHAPE = ("D",)
PARAMETER_SHAPES = {"weights": ("K",), "means": ("K", "D"), "covariances": ("D", "D")}
WEIGHTS = "weights"
KNOWNS: dict[str, tuple[str, ...]] = {}
STATISTIC_SHAPES: dict[str, tuple[str, ...]] = {
    "counts": ("K",),
    "sums": ("K", "D"),
    "scatters": ("D", "D"),
    "log_likelihood": (),
}
LOCATION = "means"


class Parameters(NamedTuple):
    """The parameters of the model; K components, D coordinates.

    weights: π_k, shape (K,), positive, sum to one.
    means: μ_k, shape (K, D).
    covariances: Σ, shape (D, D), symmetric positive definite.
    """

    weights: Array
    means: Array
    covariances: Array


class Statistics(NamedTuple):
    """Sufficient statistics of some samples: all that the updates need of them.

    counts: (72) N_k = ∑_n γ_nk, shape (K,).
    sums: (73) S¹_k = ∑_n γ_nk y_nk, shape (K, D).
    scatters: (74) S² = ∑_n ∑_k γ_nk y_nk y_nkᵀ, shape (D, D).
    log_likelihood: of the samples, at the parameters for which the sums were taken, in nats.
    origin_means: μ⁰_k, the means about which the sums are taken, shape (K, D).
    """

    counts: Array
    sums: Array
    scatters: Array
    log_likelihood: float
    origin_means: Array


def log_joint(X: Array, parameters: Parameters) -> Array:
    """Log of weight times density, shape (N, K), in nats.

        (2) l_nk = log π_k - ½ D log(2 π) - ½ log det Σ - ½ (x_n - μ_k)ᵀ Σ⁻¹ (x_n - μ_k)

    X: data, shape (N, D).
    Raises ValueError where X has another rank, LinAlgError for covariances not positive definite.
    """
    X = _data(X)
    weights, means, covariances = (np.asarray(value, dtype=X.dtype) for value in parameters)
    N = len(X)
    D: int = X.shape[1]
    K = len(weights)
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (2) log π_k
    cholesky = np.linalg.cholesky(covariances)  # (2) L Lᵀ = Σ
    half_log_determinant = float(np.log(np.diagonal(cholesky)).sum())  # (2) ½ log det, the sum of the log diagonal
    distances: Array = np.empty((K, N), dtype=X.dtype).T  # a column for each component, contiguous
    for k in range(K):
        centred = X - means[k]  # (2) x_n - μ_k
        whitened = _whitened(centred, cholesky)  # (2) L⁻¹ (x_n - μ_k)
        distances[:, k] = np.einsum("nd,nd->n", whitened, whitened)  # (2) (x_n - μ_k)ᵀ Σ⁻¹ (x_n - μ_k)
    return log_weights - D * math.log(2 * math.pi) / 2 - half_log_determinant - distances / 2  # (2)


def e_step(X: Array, parameters: Parameters) -> Array:
    """Responsibilities, the posterior probabilities of the components; shape (N, K), rows sum to one.

        (13) γ_nk = exp(l_nk)/(∑_j exp(l_nj))

    X: data, shape (N, D).
    """
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    return scaled / totals[:, np.newaxis]  # (13)


def m_step(X: Array, responsibilities: Array, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise the expected complete-data log-likelihood Q.

        (27) μ_k = 1/N_k ∑_n γ_nk x_n
        (40) Σ = 1/N ∑_n ∑_k γ_nk (x_n - μ_k) (x_n - μ_k)ᵀ
        (64) π_k = N_k/N

    X: data, shape (N, D).
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
    counts: Array = responsibilities.sum(axis=0)  # (27) N_k = ∑_n γ_nk
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its update (27) is undefined; "
            "use fewer components or another start"
        )
    means = responsibilities.T @ X / counts[:, np.newaxis]  # (27)
    roots = np.sqrt(responsibilities)  # (40)
    scatter: Array = np.zeros((D, D), dtype=X.dtype)  # (40) ∑_n ∑_k γ_nk (x_n - μ_k) (x_n - μ_k)ᵀ
    for k in range(K):
        centred = X - means[k]  # (40) x_n - μ_k
        scaled = roots[:, k, np.newaxis] * centred  # (40)
        scatter += scaled.T @ scaled  # (40) ∑_n ∑_k γ_nk (x_n - μ_k) (x_n - μ_k)ᵀ
    covariances = scatter / N  # (40)
    weights = counts / N  # (64)
    return Parameters(weights, means, covariances)


def log_likelihood(X: Array, parameters: Parameters) -> float:
    """Log-likelihood of all data, in nats.

        (3) log-likelihood = ∑_n log(∑_k exp(l_nk))

    X: data, shape (N, D).
    """
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (3)
    totals: Array = np.exp(log_p - largest[:, np.newaxis]).sum(axis=1)  # (3)
    return float((largest + np.log(totals)).sum())  # (3)


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
    means: K * D.
    covariances: D * (D + 1) // 2.
    """
    return K - 1 + K * D + D * (D + 1) // 2


def statistics(block: Array, parameters: Parameters) -> Statistics:
    """Sufficient statistics of a block of samples, which may be empty: those of blocks are merged.

        (69) y_nk = x_n - μ⁰_k
        (72) N_k = ∑_n γ_nk
        (73) S¹_k = ∑_n γ_nk y_nk
        (74) S² = ∑_n ∑_k γ_nk y_nk y_nkᵀ

    block: data, shape (N, D).
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
    D: int = X.shape[1]
    K: int = responsibilities.shape[1]
    counts: Array = responsibilities.sum(axis=0)  # (72)
    sums = responsibilities.T @ X - counts[:, np.newaxis] * means  # (73)
    roots = np.sqrt(responsibilities)  # (74)
    scatters: Array = np.zeros((D, D), dtype=X.dtype)  # (74) ∑_n ∑_k γ_nk y_nk y_nkᵀ
    for k in range(K):
        centred = X - means[k]  # (74) y_nk
        scaled = roots[:, k, np.newaxis] * centred  # (74)
        scatters += scaled.T @ scaled  # (74) ∑_n ∑_k γ_nk y_nk y_nkᵀ
    return Statistics(counts, sums, scatters, log_likelihood, means)


def merge(a: Statistics, b: Statistics) -> Statistics:
    """Sufficient statistics of the samples of both.

        (79) ε_k = μ⁰_k - μ¹_k
        (80) ∑_n γ_nk y¹_nk = S¹_k + N_k ε_k
        (81) ∑_n ∑_k γ_nk y¹_nk y¹_nkᵀ = S² + ∑_k S¹_k ε_kᵀ + ∑_k ε_k S¹_kᵀ + ∑_k N_k ε_k ε_kᵀ

    Those of the first are moved to the origin of the second: in a stream, that of the newer parameters.
    """
    counts = a.counts + b.counts  # (72)
    step = a.origin_means - b.origin_means  # (80) ε_k
    product = a.counts[:, np.newaxis] * step  # (80) N_k ε_k
    sums = a.sums + product + b.sums  # (80)
    scatters = a.scatters + a.sums.T @ step + step.T @ a.sums + product.T @ step + b.scatters  # (81)
    return Statistics(counts, sums, scatters, a.log_likelihood + b.log_likelihood, b.origin_means)


def update(statistics: Statistics, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise Q: those of m_step on the samples that the statistics are of.

        (70) δ_k = μ_k - μ⁰_k
        (75) μ_k = μ⁰_k + S¹_k/N_k
        (77) Σ = (S² - ∑_k N_k δ_k δ_kᵀ)/(∑_j N_j)
        (78) π_k = N_k/(∑_j N_j)

    previous: unused: no update starts from previous values.
    Raises ValueError where a component has no points (N_k = 0).
    """
    counts, sums, scatters, _, origin_means = statistics
    del previous  # no update starts from previous values
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its update (75) is undefined; "
            "use fewer components or another start"
        )
    means = origin_means + sums / counts[:, np.newaxis]  # (75)
    total_count = float(counts.sum())  # (77) ∑_j N_j
    shift = means - origin_means  # (77) δ_k
    covariances = (scatters - (counts[:, np.newaxis] * shift).T @ shift) / total_count  # (77)
    weights = counts / total_count  # (78)
    return Parameters(weights, means, covariances)


def features(block: Array, out: Array) -> None:
    """Functions of the data in which the log joint is linear, a column for each sample.

        (85) l_nk = η⁰_k + η¹_kᵀ x_n + tr(η² x_n x_nᵀ)

    block: data, shape (N, D).
    out: array to be filled, shape (D + 1, N): 1; x_n.
    """
    X = _data(block)
    D: int = X.shape[1]
    out[0] = 1
    out[1 : D + 1] = X.T  # x_n


def natural_parameters(parameters: Parameters) -> Array:
    """What multiplies the features in the log joint: a row for each component.

        (82) η⁰_k = log π_k - ½ D log(2 π) - ½ log det Σ - ½ μ_kᵀ Σ⁻¹ μ_k
        (83) η¹_k = Σ⁻¹ μ_k

    Shape (K, D + 1), in the order of the rows of features.
    """
    weights, means, covariances = (np.asarray(value, dtype=np.float64) for value in parameters)
    D: int = means.shape[1]
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (82) log π_k
    cholesky = np.linalg.cholesky(covariances)  # (82) L Lᵀ = Σ
    half_log_determinant = float(np.log(np.diagonal(cholesky)).sum())  # (82) ½ log det, the sum of the log diagonal
    whitened = means @ np.linalg.inv(cholesky).T  # (82) L⁻¹ (μ_k)
    distances: Array = np.einsum("kd,kd->k", whitened, whitened)  # (82) μ_kᵀ Σ⁻¹ μ_k
    eta_0 = log_weights - D * math.log(2 * math.pi) / 2 - half_log_determinant - distances / 2  # (82)
    eta_1 = np.linalg.solve(covariances, means.T).T  # (83)
    return np.concatenate((eta_0[:, np.newaxis], eta_1), axis=1)


def shared_statistics(block: Array) -> Array:
    """Sums over a block of what all components share in the log joint: they need no responsibilities.

    block: data, shape (N, D).
    They are of x_n x_nᵀ.
    """
    X = _data(block)
    shared_0 = X.T @ X  # (85)
    return np.ravel(shared_0)


def shared_parameters(parameters: Parameters) -> Array:
    """What multiplies the shared statistics in the log-likelihood.

        (84) η² = -½ Σ⁻¹

    One number for each of the shared statistics.
    """
    _, _, covariances = (np.asarray(value, dtype=np.float64) for value in parameters)
    inverse_covariances = np.linalg.inv(covariances)  # (84)
    eta_2 = -inverse_covariances / 2  # (84)
    return np.ravel(eta_2)


def gather(totals: Array, shared: Array, log_likelihood: float, parameters: Parameters, origin: Array) -> Statistics:
    """Sufficient statistics from sums of features.

        (72) N_k = N_k
        (86) S¹_k = ∑_n γ_nk x_n
        (87) S² = ∑_n x_n x_nᵀ

    totals: of features times responsibilities over the samples, shape (D + 1, K).
    shared: those of the shared features. log_likelihood: of the samples.
    parameters: those at which they were taken, for the sizes.
    origin: what the data were moved by before the features were taken; the statistics are about it.
    """
    D: int = parameters.means.shape[1]
    counts = totals[0]  # (72)
    sums = totals[1 : D + 1].T  # (86)
    scatters = shared[0:D * D].reshape(D, D)  # (87)
    return Statistics(counts, sums, scatters, log_likelihood, np.broadcast_to(origin, parameters.means.shape))


def shifted(parameters: Parameters, origin: Array) -> Parameters:
    """The parameters with which the samples less an origin have the density that the samples had.

        (88) -½ D log(2 π) - ½ log det Σ - ½ (x_n + c - (μ_k + c))ᵀ Σ⁻¹ (x_n + c - (μ_k + c))
            = -½ D log(2 π) - ½ log det Σ - ½ (x_n - μ_k)ᵀ Σ⁻¹ (x_n - μ_k)

    origin: c, what is taken from each sample. Near zero, squares and products lose no digits.
    """
    return parameters._replace(means=parameters.means - origin)


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
