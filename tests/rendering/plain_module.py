"""A module with the interface of a generated one, written by hand for one-dimensional data: code to show and to run."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

MODEL = "plain-1d"
EVENT_SHAPE: tuple[str, ...] = ()
PARAMETER_SHAPES = {"weights": ("K",), "means": ("K",), "variances": ("K",)}
KNOWNS: dict[str, tuple[str, ...]] = {}


class Parameters(NamedTuple):
    """Shares, means and variances, each of shape (K,)."""

    weights: Array
    means: Array
    variances: Array


def log_joint(X: Array, parameters: Parameters) -> Array:
    """Log of weight times density, shape (N, K)."""
    squares = (np.reshape(X, (-1, 1)) - parameters.means) ** 2
    log_density = -0.5 * (math.log(2 * math.pi) + np.log(parameters.variances) + squares / parameters.variances)  # (1)
    return np.log(parameters.weights) + log_density  # (2)


def e_step(X: Array, parameters: Parameters) -> Array:
    """Responsibilities, shape (N, K)."""
    log_p = log_joint(X, parameters)
    p = np.exp(log_p - log_p.max(axis=1, keepdims=True))
    responsibilities: Array = p / p.sum(axis=1, keepdims=True)
    return responsibilities


def m_step(X: Array, responsibilities: Array, previous: Parameters | None = None) -> Parameters:
    """Parameters that maximise Q."""
    del previous
    counts = responsibilities.sum(axis=0)  # N_k = ∑_n γ_nk
    # (26) the weighted mean
    means = responsibilities.T @ np.ravel(X) / counts
    squares = (np.reshape(X, (-1, 1)) - means) ** 2
    variances = (
        (responsibilities * squares).sum(axis=0) / counts  # (38)
    )
    return Parameters(counts / len(X), means, variances)  # (61)


def log_likelihood(X: Array, parameters: Parameters) -> float:
    """Log-likelihood of all rows."""
    return float(np.logaddexp.reduce(log_joint(X, parameters), axis=1).sum())


def em_step(X: Array, parameters: Parameters) -> tuple[Parameters, float]:
    """Next parameters and the log-likelihood at the given ones."""
    return m_step(X, e_step(X, parameters)), log_likelihood(X, parameters)


def n_parameters(K: int, D: int = 1) -> int:
    """Number of free parameters."""
    return 3 * K * D - 1
