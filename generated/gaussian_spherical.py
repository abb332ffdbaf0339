"""EM updates for the mixture model ``gaussian-spherical``.

    (2) l_nk = log π_k - ½ D log(2 π) - ½ log det Σ_k - ½ (x_n - μ_k)ᵀ Σ_k⁻¹ (x_n - μ_k)

Gaussian, a covariance matrix proportional to the identity for each component.

Generated from the model ``gaussian-spherical``, derivation ce9c5a661a93, by ``numpy/module.py.jinja``. Do not edit:
change the model and run ``derive generate gaussian-spherical``. Numbers in parentheses are the derivation's equations:
``derive show gaussian-spherical``.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

MODEL = "gaussian-spherical"
EVENT_SHAPE = ("D",)
PARAMETER_SHAPES = {"weights": ("K",), "means": ("K", "D"), "covariances": ("K",)}
WEIGHTS = "weights"
KNOWNS: dict[str, tuple[str, ...]] = {}
STATISTIC_SHAPES: dict[str, tuple[str, ...]] = {
    "counts": ("K",),
    "sums": ("K", "D"),
    "scatters": ("K",),
    "log_likelihood": (),
}
LOCATION = "means"


class Parameters(NamedTuple):
    """The parameters of the model; K components, D coordinates.

    weights: π_k, shape (K,), positive, sum to one.
    means: μ_k, shape (K, D).
    covariances: Σ_k, shape (K,), positive multiples of the identity.
    """

    weights: Array
    means: Array
    covariances: Array


class Statistics(NamedTuple):
    """Sufficient statistics of some samples: all that the updates need of them.

    counts: (70) N_k = ∑_n γ_nk, shape (K,).
    sums: (71) S¹_k = ∑_n γ_nk y_nk, shape (K, D).
    scatters: (72) S²_k = ∑_n γ_nk y_nkᵀ y_nk, shape (K,).
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
        k = int(np.argmin(covariances > 0))
        raise np.linalg.LinAlgError(f"covariances of component {k} must be positive: {covariances[k]}")
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (2) log π_k
    distances: Array = np.empty((K, N), dtype=X.dtype).T  # a column for each component, contiguous
    for k in range(K):
        centred = X - means[k]  # (2) x_n - μ_k
        distances[:, k] = np.einsum("nd,nd->n", centred, centred)  # (2)
    return (
        log_weights - D * math.log(2 * math.pi) / 2 - D * np.log(covariances) / 2 - distances / (2 * covariances)
    )  # (2)


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
        (39) Σ_k = (∑_n γ_nk (x_n - μ_k)ᵀ (x_n - μ_k)) I/(N_k D)
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
    distances: Array = np.empty((K, N), dtype=X.dtype).T  # a column for each component, contiguous
    for k in range(K):
        centred = X - means[k]  # (39) x_n - μ_k
        distances[:, k] = np.einsum("nd,nd->n", centred, centred)  # (39) (x_n - μ_k)ᵀ (x_n - μ_k)
    weighted_sums: Array = np.einsum("nk,nk->k", responsibilities, distances)  # (39) ∑_n γ_nk (x_n - μ_k)ᵀ (x_n - μ_k)
    covariances = weighted_sums / (counts * D)  # (39)
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
    covariances: K.
    """
    return K - 1 + K * D + K


def statistics(block: Array, parameters: Parameters) -> Statistics:
    """Sufficient statistics of a block of samples, which may be empty: those of blocks are merged.

        (67) y_nk = x_n - μ⁰_k
        (70) N_k = ∑_n γ_nk
        (71) S¹_k = ∑_n γ_nk y_nk
        (72) S²_k = ∑_n γ_nk y_nkᵀ y_nk

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
    N = len(X)
    K: int = responsibilities.shape[1]
    counts: Array = responsibilities.sum(axis=0)  # (70)
    sums = responsibilities.T @ X - counts[:, np.newaxis] * means  # (71)
    distances: Array = np.empty((K, N), dtype=X.dtype).T  # a column for each component, contiguous
    for k in range(K):
        centred = X - means[k]  # (72) y_nk
        distances[:, k] = np.einsum("nd,nd->n", centred, centred)  # (72) y_nkᵀ y_nk
    scatters: Array = np.einsum("nk,nk->k", responsibilities, distances)  # (72)
    return Statistics(counts, sums, scatters, log_likelihood, means)


def merge(a: Statistics, b: Statistics) -> Statistics:
    """Sufficient statistics of the samples of both.

        (77) ε_k = μ⁰_k - μ¹_k
        (78) ∑_n γ_nk y¹_nk = S¹_k + N_k ε_k
        (79) ∑_n γ_nk y¹_nkᵀ y¹_nk = S²_k + 2 S¹_kᵀ ε_k + ε_kᵀ ε_k N_k

    Those of the first are moved to the origin of the second: in a stream, that of the newer parameters.
    """
    counts = a.counts + b.counts  # (70)
    step = a.origin_means - b.origin_means  # (78) ε_k
    sums = a.sums + a.counts[:, np.newaxis] * step + b.sums  # (78)
    products: Array = np.einsum("kd,kd->k", a.sums, step)  # (79) S¹_kᵀ ε_k
    distances: Array = np.einsum("kd,kd->k", step, step)  # (79) ε_kᵀ ε_k
    scatters = a.scatters + 2 * products + distances * a.counts + b.scatters  # (79)
    return Statistics(counts, sums, scatters, a.log_likelihood + b.log_likelihood, b.origin_means)


def update(statistics: Statistics, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise Q: those of m_step on the samples that the statistics are of.

        (68) δ_k = μ_k - μ⁰_k
        (73) μ_k = μ⁰_k + S¹_k/N_k
        (75) Σ_k = (S²_k - N_k δ_kᵀ δ_k) I/(N_k D)
        (76) π_k = N_k/(∑_j N_j)

    previous: unused: no update starts from previous values.
    Raises ValueError where a component has no points (N_k = 0).
    """
    counts, sums, scatters, _, origin_means = statistics
    D: int = sums.shape[1]
    del previous  # no update starts from previous values
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its updates (73) and (75) are undefined; "
            "use fewer components or another start"
        )
    means = origin_means + sums / counts[:, np.newaxis]  # (73)
    differences = means - origin_means  # (75) δ_k
    distances: Array = np.einsum("kd,kd->k", differences, differences)  # (75) δ_kᵀ δ_k
    covariances = (scatters - distances * counts) / (counts * D)  # (75)
    total_count = float(counts.sum())  # (76) ∑_j N_j
    weights = counts / total_count  # (76)
    return Parameters(weights, means, covariances)


def features(block: Array, out: Array) -> None:
    """Functions of the data in which the log joint is linear, a column for each sample.

        (83) l_nk = η⁰_k + η¹_kᵀ x_n + η²_k x_nᵀ x_n

    block: data, shape (N, D).
    out: array to be filled, shape (D + 2, N): 1; x_n; x_nᵀ x_n.
    """
    X = _data(block)
    D: int = X.shape[1]
    out[0] = 1
    out[1 : D + 1] = X.T  # x_n
    x = out[1 : D + 1]
    np.einsum("dn,dn->n", x, x, out=out[D + 1])  # x_nᵀ x_n


def natural_parameters(parameters: Parameters) -> Array:
    """What multiplies the features in the log joint: a row for each component.

        (80) η⁰_k = log π_k - ½ D log(2 π) - ½ log det Σ_k - ½ μ_kᵀ Σ_k⁻¹ μ_k
        (81) η¹_k = Σ_k⁻¹ μ_k
        (82) η²_k = -½ tr(Σ_k⁻¹)/D

    Shape (K, D + 2), in the order of the rows of features.
    """
    weights, means, covariances = (np.asarray(value, dtype=np.float64) for value in parameters)
    D: int = means.shape[1]
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (80) log π_k
    distances: Array = np.einsum("kd,kd->k", means, means)  # (80)
    eta_0 = (
        log_weights - D * math.log(2 * math.pi) / 2 - D * np.log(covariances) / 2 - distances / (2 * covariances)
    )  # (80)
    eta_1 = means / covariances[:, np.newaxis]  # (81)
    eta_2 = -1 / (2 * covariances)  # (82)
    return np.concatenate((eta_0[:, np.newaxis], eta_1, eta_2[:, np.newaxis]), axis=1)


def gather(totals: Array, shared: Array, log_likelihood: float, parameters: Parameters, origin: Array) -> Statistics:
    """Sufficient statistics from sums of features.

        (70) N_k = N_k
        (84) S¹_k = ∑_n γ_nk x_n
        (85) S²_k = ∑_n γ_nk x_nᵀ x_n

    totals: of features times responsibilities over the samples, shape (D + 2, K).
    shared: those of the shared features. log_likelihood: of the samples.
    parameters: those at which they were taken, for the sizes.
    origin: what the data were moved by before the features were taken; the statistics are about it.
    """
    del shared  # not needed here
    D: int = parameters.means.shape[1]
    counts = totals[0]  # (70)
    sums = totals[1 : D + 1].T  # (84)
    scatters = totals[D + 1]  # (85)
    return Statistics(counts, sums, scatters, log_likelihood, np.broadcast_to(origin, parameters.means.shape))


def shifted(parameters: Parameters, origin: Array) -> Parameters:
    """The parameters with which the samples less an origin have the density that the samples had.

        (86) -½ D log(2 π) - ½ log det Σ_k - ½ (x_n + c - (μ_k + c))ᵀ Σ_k⁻¹ (x_n + c - (μ_k + c))
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
