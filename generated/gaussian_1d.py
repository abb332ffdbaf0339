"""EM updates for the mixture model ``gaussian-1d``.

    (2) l_nk = log π_k - ½ log(2 π) - ½ log σ²_k - ½ (x_n - μ_k)²/σ²_k

Gaussian for scalar data, a variance for each component.

Generated from the model ``gaussian-1d``, derivation fcc8590b37a6, by ``numpy/module.py.jinja``. Do not edit: change the
model and run ``derive generate gaussian-1d``. Numbers in parentheses are the derivation's equations:
``derive show gaussian-1d``.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

MODEL = "gaussian-1d"
EVENT_SHAPE: tuple[str, ...] = ()
PARAMETER_SHAPES = {"weights": ("K",), "means": ("K",), "variances": ("K",)}
KNOWNS: dict[str, tuple[str, ...]] = {}


class Parameters(NamedTuple):
    """The parameters of the model; K components.

    weights: π_k, shape (K,), positive, sum to one.
    means: μ_k, shape (K,).
    variances: σ²_k, shape (K,), positive.
    """

    weights: Array
    means: Array
    variances: Array


def log_joint(X: Array, parameters: Parameters) -> Array:
    """Log of weight times density, shape (N, K), in nats.

        (2) l_nk = log π_k - ½ log(2 π) - ½ log σ²_k - ½ (x_n - μ_k)²/σ²_k

    X: data, shape (N,) or (N, 1).
    Raises ValueError where X has another rank, LinAlgError for variances not positive.
    """
    X = _data(X)
    weights, means, variances = (np.asarray(value, dtype=X.dtype) for value in parameters)
    if not (variances > 0).all():
        k = int(np.argmin(variances > 0))
        raise np.linalg.LinAlgError(f"variances of component {k} must be positive: {variances[k]}")
    with np.errstate(divide="ignore"):  # log 0 = -inf: weight 0 takes no points
        log_weights = np.log(weights)  # (2) log π_k
    return (
        log_weights
        - math.log(2 * math.pi) / 2
        - np.log(variances) / 2
        - (X[:, np.newaxis] - means) ** 2 / (2 * variances)
    )  # (2)


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

        (27) μ_k = 1/N_k ∑_n γ_nk x_n
        (37) σ²_k = 1/N_k ∑_n γ_nk (x_n - μ_k)²
        (57) π_k = N_k/N

    X: data, shape (N,) or (N, 1).
    responsibilities: γ, shape (N, K).
    previous: unused, every update is in closed form.
    Raises ValueError where X has another rank or a component has no points (N_k = 0).
    """
    X = _data(X)
    responsibilities = np.asarray(responsibilities, dtype=X.dtype)
    N = len(X)
    del previous  # every update is in closed form
    counts: Array = responsibilities.sum(axis=0)  # (27) N_k = ∑_n γ_nk
    if not (counts > 0).all():
        empty = int(np.argmin(counts > 0))
        raise ValueError(
            f"component {empty} has no points: N_k = 0, so its updates (27) and (37) are undefined; "
            "use fewer components or another start"
        )
    means = responsibilities.T @ X / counts  # (27)
    scatters: Array = np.einsum("nk,nk->k", responsibilities, (X[:, np.newaxis] - means) ** 2)  # (37)
    variances = scatters / counts  # (37)
    weights = counts / N  # (57)
    return Parameters(weights, means, variances)


def log_likelihood(X: Array, parameters: Parameters) -> float:
    """Log-likelihood of all data, in nats.

        (3) log-likelihood = ∑_n log(∑_k exp(l_nk))

    X: data, shape (N,) or (N, 1).
    """
    log_p = log_joint(X, parameters)  # (2)
    largest: Array = log_p.max(axis=1)  # (3)
    totals: Array = np.exp(log_p - largest[:, np.newaxis]).sum(axis=1)  # (3)
    return float((largest + np.log(totals)).sum())  # (3)


def em_step(X: Array, parameters: Parameters) -> tuple[Parameters, float]:
    """One iteration of EM: new parameters, and the log-likelihood at the given ones, in nats.

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
    means: K.
    variances: K.
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
