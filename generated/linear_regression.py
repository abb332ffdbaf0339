"""EM updates for the mixture model ``linear-regression``.

    (2) l_nk = log π_k - ½ log(2 π) - ½ log σ²_k - ½ (y_n - f_nᵀ β_k)²/σ²_k

Linear regression on known features, coefficients and noise variance for each component.

Generated from the model ``linear-regression``, derivation d3ded15f944e, by ``numpy/module.py.jinja``. Do not edit:
change the model and run ``derive generate linear-regression``. Numbers in parentheses are the derivation's equations:
``derive show linear-regression``.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

MODEL = "linear-regression"
EVENT_SHAPE: tuple[str, ...] = ()
PARAMETER_SHAPES = {"weights": ("K",), "coefficients": ("K", "P"), "variances": ("K",)}
WEIGHTS = "weights"
KNOWNS = {"features": ("N", "P")}
STATISTIC_SHAPES: dict[str, tuple[str, ...]] = {
    "counts": ("K",),
    "features_scatters": ("K", "P", "P"),
    "sums_by_features": ("K", "P"),
    "scatters": ("K",),
    "log_likelihood": (),
}


class Parameters(NamedTuple):
    """The parameters of the model; K components.

    weights: π_k, shape (K,), positive, sum to one.
    coefficients: β_k, shape (K, P).
    variances: σ²_k, shape (K,), positive.
    """

    weights: Array
    coefficients: Array
    variances: Array


class Statistics(NamedTuple):
    """Sufficient statistics of some samples: all that the updates need of them.

    counts: (65) N_k = ∑_n γ_nk, shape (K,).
    features_scatters: (66) S¹_k = ∑_n γ_nk f_n f_nᵀ, shape (K, P, P).
    sums_by_features: (67) S²_k = ∑_n γ_nk u_nk f_n, shape (K, P).
    scatters: (68) S³_k = ∑_n γ_nk u_nk², shape (K,).
    log_likelihood: of the samples, at the parameters for which the sums were taken, in nats.
    origin_coefficients: β⁰_k, the coefficients about which the sums are taken, shape (K, P).
    """

    counts: Array
    features_scatters: Array
    sums_by_features: Array
    scatters: Array
    log_likelihood: float
    origin_coefficients: Array


def log_joint(X: Array, parameters: Parameters, *, features: Array) -> Array:
    """Log of weight times density, shape (N, K), in nats.

        (2) l_nk = log π_k - ½ log(2 π) - ½ log σ²_k - ½ (y_n - f_nᵀ β_k)²/σ²_k

    X: data, shape (N,) or (N, 1).
    features: known f_n, shape (N, P).
    Raises ValueError where X has another rank, LinAlgError for variances not positive.
    """
    X = _data(X)
    weights, coefficients, variances = (np.asarray(value, dtype=X.dtype) for value in parameters)
    features = np.asarray(features, dtype=X.dtype)
    if not (variances > 0).all():
        k = int(np.argmin(variances > 0))
        raise np.linalg.LinAlgError(f"variances of component {k} must be positive: {variances[k]}")
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (2) log π_k
    return (
        log_weights
        - math.log(2 * math.pi) / 2
        - np.log(variances) / 2
        - (X[:, np.newaxis] - features @ coefficients.T) ** 2 / (2 * variances)
    )  # (2)


def e_step(X: Array, parameters: Parameters, *, features: Array) -> Array:
    """Responsibilities, the posterior probabilities of the components; shape (N, K), rows sum to one.

        (13) γ_nk = exp(l_nk)/(∑_j exp(l_nj))

    X: data, shape (N,) or (N, 1).
    features: known f_n, shape (N, P).
    """
    log_p = log_joint(X, parameters, features=features)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    return scaled / totals[:, np.newaxis]  # (13)


def m_step(X: Array, responsibilities: Array, previous: Parameters | None = None, *, features: Array) -> Parameters:
    """Parameters that maximise the expected complete-data log-likelihood Q.

        (27) β_k = (∑_n γ_nk f_n f_nᵀ)⁻¹ (∑_n γ_nk y_n f_n)
        (37) σ²_k = 1/N_k ∑_n γ_nk (y_n - f_nᵀ β_k)²
        (57) π_k = N_k/N

    X: data, shape (N,) or (N, 1).
    responsibilities: γ, shape (N, K).
    previous: unused: no update starts from previous values.
    features: known f_n, shape (N, P).
    Raises ValueError where X has another rank or a component has no points (N_k = 0).
    """
    X = _data(X)
    responsibilities = np.asarray(responsibilities, dtype=X.dtype)
    features = np.asarray(features, dtype=X.dtype)
    N = len(X)
    K: int = responsibilities.shape[1]
    P: int = features.shape[1]
    del previous  # no update starts from previous values
    counts: Array = responsibilities.sum(axis=0)  # (37) N_k = ∑_n γ_nk
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its updates (27) and (37) are undefined; "
            "use fewer components or another start"
        )
    roots = np.sqrt(responsibilities)  # (27)
    sums: Array = np.empty((K, P, P), dtype=X.dtype)
    for k in range(K):
        scaled = roots[:, k, np.newaxis] * features  # (27)
        sums[k] = scaled.T @ scaled  # (27) ∑_n γ_nk f_n f_nᵀ
    sums_2 = (responsibilities * X[:, np.newaxis]).T @ features  # (27) ∑_n γ_nk y_n f_n
    coefficients = np.linalg.solve(sums, sums_2[..., np.newaxis])[..., 0]  # (27)
    scatters: Array = np.einsum(
        "nk,nk->k", responsibilities, (X[:, np.newaxis] - features @ coefficients.T) ** 2
    )  # (37)
    variances = scatters / counts  # (37)
    weights = counts / N  # (57)
    return Parameters(weights, coefficients, variances)


def log_likelihood(X: Array, parameters: Parameters, *, features: Array) -> float:
    """Log-likelihood of all data, in nats.

        (3) log-likelihood = ∑_n log(∑_k exp(l_nk))

    X: data, shape (N,) or (N, 1).
    features: known f_n, shape (N, P).
    """
    log_p = log_joint(X, parameters, features=features)  # (2)
    largest: Array = log_p.max(axis=1)  # (3)
    totals: Array = np.exp(log_p - largest[:, np.newaxis]).sum(axis=1)  # (3)
    return float((largest + np.log(totals)).sum())  # (3)


def objective(X: Array, parameters: Parameters, *, features: Array) -> float:
    """The log-likelihood of all data, in nats: what EM never lowers.

    X: data, shape (N,) or (N, 1).
    features: known f_n, shape (N, P).
    """
    return log_likelihood(X, parameters, features=features)


def em_step(X: Array, parameters: Parameters, *, features: Array) -> tuple[Parameters, float]:
    """One iteration of EM: new parameters, and the objective at the given ones, in nats.

    X: data, shape (N,) or (N, 1).
    features: known f_n, shape (N, P).
    The log joint and its exponentials are computed once.
    """
    X = _data(X)
    log_p = log_joint(X, parameters, features=features)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    responsibilities = scaled / totals[:, np.newaxis]  # (13)
    value = float((largest + np.log(totals)).sum())  # (3)
    return m_step(X, responsibilities, parameters, features=features), value


def n_parameters(K: int, D: int = 1, *, P: int) -> int:
    """Number of free parameters.

    weights: K - 1.
    coefficients: K * P.
    variances: K.
    """
    del D  # no parameter has this size
    return K - 1 + K * P + K


def statistics(block: Array, parameters: Parameters, *, features: Array) -> Statistics:
    """Sufficient statistics of a block of samples, which may be empty: those of blocks are merged.

        (62) u_nk = y_n - f_nᵀ β⁰_k
        (65) N_k = ∑_n γ_nk
        (66) S¹_k = ∑_n γ_nk f_n f_nᵀ
        (67) S²_k = ∑_n γ_nk u_nk f_n
        (68) S³_k = ∑_n γ_nk u_nk²

    block: data, shape (N,) or (N, 1).
    features: known f_n, shape (N, P).
    The sums are taken about the given parameters, so that data far from zero lose no digits.
    """
    X = _data(block)
    log_p = log_joint(X, parameters, features=features)  # (2)
    largest: Array = log_p.max(axis=1)  # (13)
    scaled = np.exp(log_p - largest[:, np.newaxis])  # (13)
    totals: Array = scaled.sum(axis=1)  # (13)
    responsibilities = scaled / totals[:, np.newaxis]  # (13)
    log_likelihood = float((largest + np.log(totals)).sum())  # (3)
    _, coefficients, _ = (np.asarray(value, dtype=X.dtype) for value in parameters)
    features = np.asarray(features, dtype=X.dtype)
    K: int = responsibilities.shape[1]
    P: int = coefficients.shape[1]
    counts: Array = responsibilities.sum(axis=0)  # (65)
    roots = np.sqrt(responsibilities)  # (66)
    features_scatters: Array = np.empty((K, P, P), dtype=X.dtype)
    for k in range(K):
        scaled = roots[:, k, np.newaxis] * features  # (66)
        features_scatters[k] = scaled.T @ scaled  # (66) ∑_n γ_nk f_n f_nᵀ
    centred = X[:, np.newaxis] - features @ coefficients.T  # (67) u_nk
    sums_by_features = (responsibilities * centred).T @ features  # (67)
    scatters: Array = np.einsum("nk,nk->k", responsibilities, centred**2)  # (68)
    return Statistics(counts, features_scatters, sums_by_features, scatters, log_likelihood, coefficients)


def merge(a: Statistics, b: Statistics) -> Statistics:
    """Sufficient statistics of the samples of both.

        (73) ε_k = β⁰_k - β¹_k
        (74) ∑_n γ_nk u¹_nk f_n = S²_k + S¹_k ε_k
        (75) ∑_n γ_nk u¹_nk² = S³_k + 2 S²_kᵀ ε_k + ε_kᵀ S¹_k ε_k

    Those of the first are moved to the origin of the second: in a stream, that of the newer parameters.
    """
    counts = a.counts + b.counts  # (65)
    features_scatters = a.features_scatters + b.features_scatters  # (66)
    step = a.origin_coefficients - b.origin_coefficients  # (74) ε_k
    products: Array = np.einsum("kpq,kq->kp", a.features_scatters, step)  # (74) S¹_k ε_k
    sums_by_features = a.sums_by_features + products + b.sums_by_features  # (74)
    products_2: Array = np.einsum("kp,kp->k", a.sums_by_features, step)  # (75) S²_kᵀ ε_k
    products_3: Array = np.einsum("kp,kpq->kq", step, a.features_scatters)  # (75)
    products_4: Array = np.einsum("kq,kq->k", products_3, step)  # (75) ε_kᵀ S¹_k ε_k
    scatters = a.scatters + 2 * products_2 + products_4 + b.scatters  # (75)
    return Statistics(
        counts,
        features_scatters,
        sums_by_features,
        scatters,
        a.log_likelihood + b.log_likelihood,
        b.origin_coefficients,
    )


def update(statistics: Statistics, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise Q: those of m_step on the samples that the statistics are of.

        (63) δ_k = β_k - β⁰_k
        (69) β_k = β⁰_k + S¹_k⁻¹ S²_k
        (71) σ²_k = (S³_k - δ_kᵀ S¹_k δ_k)/N_k
        (72) π_k = N_k/(∑_j N_j)

    previous: unused: no update starts from previous values.
    Raises ValueError where a component has no points (N_k = 0).
    """
    counts, features_scatters, sums_by_features, scatters, _, origin_coefficients = statistics
    del previous  # no update starts from previous values
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its updates (69) and (71) are undefined; "
            "use fewer components or another start"
        )
    solved_sums_by_features = np.linalg.solve(features_scatters, sums_by_features[..., np.newaxis])[..., 0]  # (69)
    coefficients = origin_coefficients + solved_sums_by_features  # (69)
    differences = coefficients - origin_coefficients  # (71) δ_k
    products: Array = np.einsum("kp,kpq->kq", differences, features_scatters)  # (71)
    products_2: Array = np.einsum("kq,kq->k", products, differences)  # (71) δ_kᵀ S¹_k δ_k
    variances = (scatters - products_2) / counts  # (71)
    total_count = float(counts.sum())  # (72) ∑_j N_j
    weights = counts / total_count  # (72)
    return Parameters(weights, coefficients, variances)


def features(block: Array, out: Array, *, features: Array) -> None:
    """Functions of the data in which the log joint is linear, a column for each sample.

        (80) l_nk = η⁰_k + y_n η¹_kᵀ f_n + η²_k y_n² + tr(η³_k f_n f_nᵀ)

    block: data, shape (N,).
    features: known f_n, shape (N, P).
    out: array to be filled, shape (P + P * (P + 1) // 2 + 2, N): 1; y_n f_n; y_n²; f_n f_nᵀ, the upper triangle a
        diagonal after the other.
    """
    X = _data(block)
    features = np.asarray(features, dtype=X.dtype)
    P: int = features.shape[1]
    feature_1 = X[:, np.newaxis] * features  # (80)
    out[0] = 1
    out[1 : P + 1] = feature_1.T  # y_n f_n
    y = X
    np.multiply(y, y, out=out[P + 1])  # y_n²
    f = np.ascontiguousarray(features.T)
    row = P + 2
    for d in range(P):
        np.multiply(f[: P - d], f[d:], out=out[row : row + P - d])  # f_n f_nᵀ, a diagonal
        row += P - d


def natural_parameters(parameters: Parameters) -> Array:
    """What multiplies the features in the log joint: a row for each component.

        (76) η⁰_k = log π_k - ½ log(2 π) - ½ log σ²_k
        (77) η¹_k = β_k/σ²_k
        (78) η²_k = -½/σ²_k
        (79) η³_k = -1/σ²_k ½ β_k β_kᵀ

    Shape (K, P + P * (P + 1) // 2 + 2), in the order of the rows of features.
    Entries off the diagonal of a symmetric matrix count twice, as they stand in features once.
    """
    weights, coefficients, variances = (np.asarray(value, dtype=np.float64) for value in parameters)
    P: int = coefficients.shape[1]
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (76) log π_k
    eta_0 = log_weights - math.log(2 * math.pi) / 2 - np.log(variances) / 2  # (76)
    eta_1 = coefficients / variances[:, np.newaxis]  # (77)
    eta_2 = -1 / (2 * variances)  # (78)
    eta_3 = (
        -coefficients[:, :, np.newaxis] * coefficients[:, np.newaxis] / (2 * variances[:, np.newaxis, np.newaxis])
    )  # (79)
    rows, columns = _upper(P)
    both = eta_3[:, rows, columns] + eta_3[:, columns, rows]  # equal but for rounding
    return np.concatenate(
        (eta_0[:, np.newaxis], eta_1, eta_2[:, np.newaxis], np.where(rows == columns, 0.5, 1.0) * both), axis=1
    )


def gather(totals: Array, shared: Array, log_likelihood: float, parameters: Parameters, origin: Array) -> Statistics:
    """Sufficient statistics from sums of features.

        (65) N_k = N_k
        (66) S¹_k = ∑_n γ_nk f_n f_nᵀ
        (81) S²_k = ∑_n γ_nk y_n f_n
        (82) S³_k = ∑_n γ_nk y_n²

    totals: of features times responsibilities over the samples, shape (P + P * (P + 1) // 2 + 2, K).
    shared: those of the shared features. log_likelihood: of the samples.
    parameters: those at which they were taken, for the sizes.
    origin: what the data were moved by before the features were taken; the statistics are about it.
    """
    del origin, shared  # not needed here
    K = len(parameters.weights)
    P: int = parameters.coefficients.shape[1]
    counts = totals[0]  # (65)
    rows, columns = _upper(P)
    features_scatters: Array = np.empty((K, P, P), dtype=totals.dtype)
    features_scatters[:, rows, columns] = totals[P + 2 : P + P * (P + 1) // 2 + 2].T  # (66)
    features_scatters[:, columns, rows] = features_scatters[:, rows, columns]
    sums_by_features = totals[1 : P + 1].T  # (81)
    scatters = totals[P + 1]  # (82)
    return Statistics(counts, features_scatters, sums_by_features, scatters, log_likelihood, np.zeros((K, P)))


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
    if X.ndim == 2 and X.shape[1] == 1:
        X = np.ascontiguousarray(X[:, 0])
    if X.ndim != 1:
        raise ValueError(f"X has shape {X.shape}; expected (N,) or (N, 1), one number for each point")
    return X
