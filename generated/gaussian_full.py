"""EM updates for the mixture model ``gaussian-full``.

    (2) l_nk = log π_k - ½ D log(2 π) - ½ log det Σ_k - ½ (x_n - μ_k)ᵀ Σ_k⁻¹ (x_n - μ_k)

Gaussian, a full covariance matrix for each component.

Generated from the model ``gaussian-full``, derivation 810e30993bc6, by ``numpy/module.py.jinja``. Do not edit: change
the model and run ``derive generate gaussian-full``. Numbers in parentheses are the derivation's equations:
``derive show gaussian-full``.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

MODEL = "gaussian-full"
EVENT_SHAPE = ("D",)
PARAMETER_SHAPES = {"weights": ("K",), "means": ("K", "D"), "covariances": ("K", "D", "D")}
WEIGHTS = "weights"
KNOWNS: dict[str, tuple[str, ...]] = {}
STATISTIC_SHAPES: dict[str, tuple[str, ...]] = {
    "counts": ("K",),
    "sums": ("K", "D"),
    "scatters": ("K", "D", "D"),
    "log_likelihood": (),
}
LOCATION = "means"
QUADRATIC = True


class Parameters(NamedTuple):
    """The parameters of the model; K components, D coordinates.

    weights: π_k, shape (K,), positive, sum to one.
    means: μ_k, shape (K, D).
    covariances: Σ_k, shape (K, D, D), symmetric positive definite.
    """

    weights: Array
    means: Array
    covariances: Array


class Statistics(NamedTuple):
    """Sufficient statistics of some samples: all that the updates need of them.

    counts: (70) N_k = ∑_n γ_nk, shape (K,).
    sums: (71) S¹_k = ∑_n γ_nk y_nk, shape (K, D).
    scatters: (72) S²_k = ∑_n γ_nk y_nk y_nkᵀ, shape (K, D, D).
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

        (2) l_nk = log π_k - ½ D log(2 π) - ½ log det Σ_k - ½ (x_n - μ_k)ᵀ Σ_k⁻¹ (x_n - μ_k)

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
    cholesky = np.linalg.cholesky(covariances)  # (2) L Lᵀ = Σ_k
    half_log_determinants: Array = np.log(np.diagonal(cholesky, axis1=1, axis2=2)).sum(axis=1)  # (2)
    distances: Array = np.empty((K, N), dtype=X.dtype).T  # a column for each component, contiguous
    for k in range(K):
        centred = X - means[k]  # (2) x_n - μ_k
        whitened = _whitened(centred, cholesky[k])  # (2) L⁻¹ (x_n - μ_k)
        distances[:, k] = np.einsum("nd,nd->n", whitened, whitened)  # (2) (x_n - μ_k)ᵀ Σ_k⁻¹ (x_n - μ_k)
    return log_weights - D * math.log(2 * math.pi) / 2 - half_log_determinants - distances / 2  # (2)


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
        (39) Σ_k = 1/N_k ∑_n γ_nk (x_n - μ_k) (x_n - μ_k)ᵀ
        (62) π_k = N_k/N

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
            f"component {empty} has no points: N_k = 0, so its updates (27) and (39) are undefined; "
            "use fewer components or another start"
        )
    means = responsibilities.T @ X / counts[:, np.newaxis]  # (27)
    roots = np.sqrt(responsibilities)  # (39)
    scatters: Array = np.empty((K, D, D), dtype=X.dtype)
    for k in range(K):
        centred = X - means[k]  # (39) x_n - μ_k
        scaled = roots[:, k, np.newaxis] * centred  # (39)
        scatters[k] = scaled.T @ scaled  # (39) ∑_n γ_nk (x_n - μ_k) (x_n - μ_k)ᵀ
    covariances = scatters / counts[:, np.newaxis, np.newaxis]  # (39)
    weights = counts / N  # (62)
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
    covariances: K * D * (D + 1) // 2.
    """
    return K - 1 + K * D + K * D * (D + 1) // 2


def statistics(block: Array, parameters: Parameters) -> Statistics:
    """Sufficient statistics of a block of samples, which may be empty: those of blocks are merged.

        (67) y_nk = x_n - μ⁰_k
        (70) N_k = ∑_n γ_nk
        (71) S¹_k = ∑_n γ_nk y_nk
        (72) S²_k = ∑_n γ_nk y_nk y_nkᵀ

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
    counts: Array = responsibilities.sum(axis=0)  # (70)
    sums = responsibilities.T @ X - counts[:, np.newaxis] * means  # (71)
    roots = np.sqrt(responsibilities)  # (72)
    scatters: Array = np.empty((K, D, D), dtype=X.dtype)
    for k in range(K):
        centred = X - means[k]  # (72) y_nk
        scaled = roots[:, k, np.newaxis] * centred  # (72)
        scatters[k] = scaled.T @ scaled  # (72) ∑_n γ_nk y_nk y_nkᵀ
    return Statistics(counts, sums, scatters, log_likelihood, means)


def merge(a: Statistics, b: Statistics) -> Statistics:
    """Sufficient statistics of the samples of both.

        (77) ε_k = μ⁰_k - μ¹_k
        (78) ∑_n γ_nk y¹_nk = S¹_k + N_k ε_k
        (79) ∑_n γ_nk y¹_nk y¹_nkᵀ = S²_k + S¹_k ε_kᵀ + ε_k S¹_kᵀ + N_k ε_k ε_kᵀ

    Those of the first are moved to the origin of the second: in a stream, that of the newer parameters.
    """
    counts = a.counts + b.counts  # (70)
    step = a.origin_means - b.origin_means  # (78) ε_k
    sums = a.sums + a.counts[:, np.newaxis] * step + b.sums  # (78)
    scatters = (
        a.scatters
        + a.sums[:, :, np.newaxis] * step[:, np.newaxis]
        + step[:, :, np.newaxis] * a.sums[:, np.newaxis]
        + a.counts[:, np.newaxis, np.newaxis] * step[:, :, np.newaxis] * step[:, np.newaxis]
        + b.scatters
    )  # (79)
    return Statistics(counts, sums, scatters, a.log_likelihood + b.log_likelihood, b.origin_means)


def update(statistics: Statistics, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise Q: those of m_step on the samples that the statistics are of.

        (68) δ_k = μ_k - μ⁰_k
        (73) μ_k = μ⁰_k + S¹_k/N_k
        (75) Σ_k = S²_k/N_k - δ_k δ_kᵀ
        (76) π_k = N_k/(∑_j N_j)

    previous: unused: no update starts from previous values.
    Raises ValueError where a component has no points (N_k = 0).
    """
    counts, sums, scatters, _, origin_means = statistics
    del previous  # no update starts from previous values
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its updates (73) and (75) are undefined; "
            "use fewer components or another start"
        )
    means = origin_means + sums / counts[:, np.newaxis]  # (73)
    shift = means - origin_means  # (75) δ_k
    covariances = scatters / counts[:, np.newaxis, np.newaxis] - shift[:, :, np.newaxis] * shift[:, np.newaxis]  # (75)
    total_count = float(counts.sum())  # (76) ∑_j N_j
    weights = counts / total_count  # (76)
    return Parameters(weights, means, covariances)


def features(block: Array, out: Array) -> None:
    """Functions of the data in which the log joint is linear, a column for each sample.

        (83) l_nk = η⁰_k + η¹_kᵀ x_n + tr(η²_k x_n x_nᵀ)

    block: data, shape (N, D).
    out: array to be filled, shape (D + D * (D + 1) // 2 + 1, N): 1; x_n; x_n x_nᵀ, the upper triangle a diagonal after
        the other.
    """
    X = _data(block)
    D: int = X.shape[1]
    out[0] = 1
    out[1 : D + 1] = X.T  # x_n
    x = out[1 : D + 1]
    row = D + 1
    for d in range(D):
        np.multiply(x[: D - d], x[d:], out=out[row : row + D - d])  # x_n x_nᵀ, a diagonal
        row += D - d


def natural_parameters(parameters: Parameters) -> Array:
    """What multiplies the features in the log joint: a row for each component.

        (80) η⁰_k = log π_k - ½ D log(2 π) - ½ log det Σ_k - ½ μ_kᵀ Σ_k⁻¹ μ_k
        (81) η¹_k = Σ_k⁻¹ μ_k
        (82) η²_k = -½ Σ_k⁻¹

    Shape (K, D + D * (D + 1) // 2 + 1), in the order of the rows of features.
    Entries off the diagonal of a symmetric matrix count twice, as they stand in features once.
    """
    weights, means, covariances = (np.asarray(value, dtype=np.float64) for value in parameters)
    D: int = means.shape[1]
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (80) log π_k
    cholesky = np.linalg.cholesky(covariances)  # (80) L Lᵀ = Σ_k
    half_log_determinants: Array = np.log(np.diagonal(cholesky, axis1=1, axis2=2)).sum(axis=1)  # (80)
    whitened = np.linalg.solve(cholesky, means[..., np.newaxis])[..., 0]  # (80) L⁻¹ (μ_k)
    distances: Array = np.einsum("kd,kd->k", whitened, whitened)  # (80) μ_kᵀ Σ_k⁻¹ μ_k
    eta_0 = log_weights - D * math.log(2 * math.pi) / 2 - half_log_determinants - distances / 2  # (80)
    eta_1 = np.linalg.solve(covariances, means[..., np.newaxis])[..., 0]  # (81)
    inverse_covariances = np.linalg.inv(covariances)  # (82)
    eta_2 = -inverse_covariances / 2  # (82)
    rows, columns = _upper(D)
    both = eta_2[:, rows, columns] + eta_2[:, columns, rows]  # equal but for rounding
    return np.concatenate((eta_0[:, np.newaxis], eta_1, np.where(rows == columns, 0.5, 1.0) * both), axis=1)


def gather(totals: Array, shared: Array, log_likelihood: float, parameters: Parameters, origin: Array) -> Statistics:
    """Sufficient statistics from sums of features.

        (70) N_k = N_k
        (84) S¹_k = ∑_n γ_nk x_n
        (85) S²_k = ∑_n γ_nk x_n x_nᵀ

    totals: of features times responsibilities over the samples, shape (D + D * (D + 1) // 2 + 1, K).
    shared: those of the shared features. log_likelihood: of the samples.
    parameters: those at which they were taken, for the sizes.
    origin: what the data were moved by before the features were taken; the statistics are about it.
    """
    del shared  # not needed here
    K = len(parameters.weights)
    D: int = parameters.means.shape[1]
    counts = totals[0]  # (70)
    sums = totals[1 : D + 1].T  # (84)
    rows, columns = _upper(D)
    scatters: Array = np.empty((K, D, D), dtype=totals.dtype)
    scatters[:, rows, columns] = totals[D + 1 : D + D * (D + 1) // 2 + 1].T  # (85)
    scatters[:, columns, rows] = scatters[:, rows, columns]
    return Statistics(counts, sums, scatters, log_likelihood, np.broadcast_to(origin, parameters.means.shape))


def shifted(parameters: Parameters, origin: Array) -> Parameters:
    """The parameters with which the samples less an origin have the density that the samples had.

        (86) -½ D log(2 π) - ½ log det Σ_k - ½ (x_n + c - (μ_k + c))ᵀ Σ_k⁻¹ (x_n + c - (μ_k + c))
            = -½ D log(2 π) - ½ log det Σ_k - ½ (x_n - μ_k)ᵀ Σ_k⁻¹ (x_n - μ_k)

    origin: c, what is taken from each sample. Near zero, squares and products lose no digits.
    """
    return parameters._replace(means=parameters.means - origin)


def faster(K: int, D: int) -> str:
    """The faster way to an iteration: by features, or by whitening with triangular matrices.

    Features are all products of two coordinates, D (D + 1) / 2 of them: too many where D is large.
    """
    return "features" if D * D <= 256 * K else "whitened"


def _upper(D: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the upper triangle of a D × D matrix, a diagonal after the other."""
    rows = np.concatenate([np.arange(D - d) for d in range(D)])
    columns = np.concatenate([np.arange(d, D) for d in range(D)])
    return rows, columns


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
