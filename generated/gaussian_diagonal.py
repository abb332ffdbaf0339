"""EM updates for the mixture model ``gaussian-diagonal``.

    (2) l_nk = log π_k - ½ D log(2 π) - ½ log det Σ_k - ½ (x_n - μ_k)ᵀ Σ_k⁻¹ (x_n - μ_k)

Gaussian, a diagonal covariance matrix for each component.

Generated from the model ``gaussian-diagonal``, derivation ecc17150c154, by ``numpy/module.py.jinja``. Do not edit:
change the model and run ``derive generate gaussian-diagonal``. Numbers in parentheses are the derivation's equations:
``derive show gaussian-diagonal``.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

MODEL = "gaussian-diagonal"
EVENT_SHAPE = ("D",)
PARAMETER_SHAPES = {"weights": ("K",), "means": ("K", "D"), "covariances": ("K", "D")}
WEIGHTS = "weights"
KNOWNS: dict[str, tuple[str, ...]] = {}
STATISTIC_SHAPES: dict[str, tuple[str, ...]] = {
    "counts": ("K",),
    "sums": ("K", "D"),
    "scatters": ("K", "D"),
    "log_likelihood": (),
}
LOCATION = "means"


class Parameters(NamedTuple):
    """The parameters of the model; K components, D coordinates.

    weights: π_k, shape (K,), positive, sum to one.
    means: μ_k, shape (K, D).
    covariances: Σ_k, shape (K, D), the positive diagonals of diagonal matrices.
    """

    weights: Array
    means: Array
    covariances: Array


class Statistics(NamedTuple):
    """Sufficient statistics of some samples: all that the updates need of them.

    counts: (69) N_k = ∑_n γ_nk, shape (K,).
    sums: (70) S¹_k = ∑_n γ_nk y_nk, shape (K, D).
    scatters: (71) S²_k = ∑_n γ_nk diag(y_nk y_nkᵀ), shape (K, D).
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
    Raises ValueError where X has another rank, LinAlgError for covariances not positive.
    """
    X = _data(X)
    weights, means, covariances = (np.asarray(value, dtype=X.dtype) for value in parameters)
    N = len(X)
    D: int = X.shape[1]
    K = len(weights)
    if not (covariances > 0).all():
        k = int(np.argmin((covariances > 0).all(axis=1)))
        raise np.linalg.LinAlgError(f"covariances of component {k} must be positive: {covariances[k]}")
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (2) log π_k
    log_determinants: Array = np.log(covariances).sum(axis=1)  # (2) log det Σ_k
    inverse_covariances = 1 / covariances  # (2)
    distances: Array = np.empty((K, N), dtype=X.dtype).T  # a column for each component, contiguous
    for k in range(K):
        centred = X - means[k]  # (2) x_n - μ_k
        distances[:, k] = centred**2 @ inverse_covariances[k]  # (2) (x_n - μ_k)ᵀ Σ_k⁻¹ (x_n - μ_k)
    return log_weights - D * math.log(2 * math.pi) / 2 - log_determinants / 2 - distances / 2  # (2)


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
        (39) Σ_k = 1/N_k ∑_n γ_nk diag((x_n - μ_k) (x_n - μ_k)ᵀ)
        (61) π_k = N_k/N

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
    scatters: Array = np.empty((K, D), dtype=X.dtype)
    for k in range(K):
        centred = X - means[k]  # (39) x_n - μ_k
        scatters[k] = responsibilities[:, k] @ centred**2  # (39) ∑_n γ_nk diag((x_n - μ_k) (x_n - μ_k)ᵀ)
    covariances = scatters / counts[:, np.newaxis]  # (39)
    weights = counts / N  # (61)
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
    covariances: K * D.
    """
    return K - 1 + K * D + K * D


def statistics(block: Array, parameters: Parameters) -> Statistics:
    """Sufficient statistics of a block of samples, which may be empty: those of blocks are merged.

        (66) y_nk = x_n - μ⁰_k
        (69) N_k = ∑_n γ_nk
        (70) S¹_k = ∑_n γ_nk y_nk
        (71) S²_k = ∑_n γ_nk diag(y_nk y_nkᵀ)

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
    counts: Array = responsibilities.sum(axis=0)  # (69)
    sums = responsibilities.T @ X - counts[:, np.newaxis] * means  # (70)
    scatters: Array = np.empty((K, D), dtype=X.dtype)
    for k in range(K):
        centred = X - means[k]  # (71) y_nk
        scatters[k] = responsibilities[:, k] @ centred**2  # (71) ∑_n γ_nk diag(y_nk y_nkᵀ)
    return Statistics(counts, sums, scatters, log_likelihood, means)


def merge(a: Statistics, b: Statistics) -> Statistics:
    """Sufficient statistics of the samples of both.

        (76) ε_k = μ⁰_k - μ¹_k
        (77) ∑_n γ_nk y¹_nk = S¹_k + N_k ε_k
        (78) ∑_n γ_nk diag(y¹_nk y¹_nkᵀ) = S²_k + 2 diag(S¹_k ε_kᵀ) + N_k diag(ε_k ε_kᵀ)

    Those of the first are moved to the origin of the second: in a stream, that of the newer parameters.
    """
    counts = a.counts + b.counts  # (69)
    step = a.origin_means - b.origin_means  # (77) ε_k
    sums = a.sums + a.counts[:, np.newaxis] * step + b.sums  # (77)
    scatters = a.scatters + 2 * a.sums * step + a.counts[:, np.newaxis] * step**2 + b.scatters  # (78)
    return Statistics(counts, sums, scatters, a.log_likelihood + b.log_likelihood, b.origin_means)


def update(statistics: Statistics, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise Q: those of m_step on the samples that the statistics are of.

        (67) δ_k = μ_k - μ⁰_k
        (72) μ_k = μ⁰_k + S¹_k/N_k
        (74) Σ_k = S²_k/N_k - diag(δ_k δ_kᵀ)
        (75) π_k = N_k/(∑_j N_j)

    previous: unused: no update starts from previous values.
    Raises ValueError where a component has no points (N_k = 0).
    """
    counts, sums, scatters, _, origin_means = statistics
    del previous  # no update starts from previous values
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its updates (72) and (74) are undefined; "
            "use fewer components or another start"
        )
    means = origin_means + sums / counts[:, np.newaxis]  # (72)
    covariances = scatters / counts[:, np.newaxis] - (means - origin_means) ** 2  # (74)
    total_count = float(counts.sum())  # (75) ∑_j N_j
    weights = counts / total_count  # (75)
    return Parameters(weights, means, covariances)


def features(block: Array, out: Array) -> None:
    """Functions of the data in which the log joint is linear, a column for each sample.

        (82) l_nk = η⁰_k + η¹_kᵀ x_n + tr(η²_k diag(x_n x_nᵀ))

    block: data, shape (N, D).
    out: array to be filled, shape (D + D + 1, N): 1; x_n; diag(x_n x_nᵀ).
    """
    X = _data(block)
    D: int = X.shape[1]
    out[0] = 1
    out[1 : D + 1] = X.T  # x_n
    x = out[1 : D + 1]
    np.multiply(x, x, out=out[D + 1 : D + D + 1])  # diag(x_n x_nᵀ)


def natural_parameters(parameters: Parameters) -> Array:
    """What multiplies the features in the log joint: a row for each component.

        (79) η⁰_k = log π_k - ½ D log(2 π) - ½ log det Σ_k - ½ μ_kᵀ Σ_k⁻¹ μ_k
        (80) η¹_k = Σ_k⁻¹ μ_k
        (81) η²_k = -½ Σ_k⁻¹

    Shape (K, D + D + 1), in the order of the rows of features.
    """
    weights, means, covariances = (np.asarray(value, dtype=np.float64) for value in parameters)
    D: int = means.shape[1]
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (79) log π_k
    log_determinants: Array = np.log(covariances).sum(axis=1)  # (79) log det Σ_k
    distances: Array = np.einsum("kd,kd->k", means**2, 1 / covariances)  # (79) μ_kᵀ Σ_k⁻¹ μ_k
    eta_0 = log_weights - D * math.log(2 * math.pi) / 2 - log_determinants / 2 - distances / 2  # (79)
    eta_1 = means / covariances  # (80)
    eta_2 = -1 / (2 * covariances)  # (81)
    return np.concatenate((eta_0[:, np.newaxis], eta_1, eta_2), axis=1)


def gather(totals: Array, shared: Array, log_likelihood: float, parameters: Parameters, origin: Array) -> Statistics:
    """Sufficient statistics from sums of features.

        (69) N_k = N_k
        (83) S¹_k = ∑_n γ_nk x_n
        (84) S²_k = ∑_n γ_nk diag(x_n x_nᵀ)

    totals: of features times responsibilities over the samples, shape (D + D + 1, K).
    shared: those of the shared features. log_likelihood: of the samples.
    parameters: those at which they were taken, for the sizes.
    origin: what the data were moved by before the features were taken; the statistics are about it.
    """
    del shared  # not needed here
    D: int = parameters.means.shape[1]
    counts = totals[0]  # (69)
    sums = totals[1 : D + 1].T  # (83)
    scatters = totals[D + 1 : D + D + 1].T  # (84)
    return Statistics(counts, sums, scatters, log_likelihood, np.broadcast_to(origin, parameters.means.shape))


def shifted(parameters: Parameters, origin: Array) -> Parameters:
    """The parameters with which the samples less an origin have the density that the samples had.

        (85) -½ D log(2 π) - ½ log det Σ_k - ½ (x_n + c - (μ_k + c))ᵀ Σ_k⁻¹ (x_n + c - (μ_k + c))
            = -½ D log(2 π) - ½ log det Σ_k - ½ (x_n - μ_k)ᵀ Σ_k⁻¹ (x_n - μ_k)

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
