"""EM for the five Gaussian mixtures, written by hand: the measure that generated code is held against.

Everything here is the textbook formula, one observation and one component at a time, so that a reader can check it
by eye. Speed is of no concern, and nothing is shared with the package. `BASELINE["gaussian-full"]` has the interface of
a generated module. All arithmetic is in float64; results take the dtype of X where that is float32.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class MatrixParameters(NamedTuple):
    """weights (K,), means (K, D), covariances in the shape of the model's structure."""

    weights: Array
    means: Array
    covariances: Array


class ScalarParameters(NamedTuple):
    """weights (K,), means (K,), variances (K,)."""

    weights: Array
    means: Array
    variances: Array


AnyParameters = MatrixParameters | ScalarParameters


@dataclass(frozen=True)
class Baseline:
    """One model's EM.

    component_covariance: (spread parameter, k, D) -> covariance of component k, shape (D, D).
    estimate: (scatters (K, D, D), counts (K,), N) -> the spread parameter that maximises Q.
    free_spread: (K, D) -> number of free numbers in the spread parameter.
    """

    MODEL: str
    EVENT_SHAPE: tuple[str, ...]
    PARAMETER_SHAPES: dict[str, tuple[str, ...]]
    Parameters: Any
    component_covariance: Callable[[Array, int, int], Array]
    estimate: Callable[[Array, Array, int], Array]
    free_spread: Callable[[int, int], int]
    KNOWNS: ClassVar[dict[str, tuple[str, ...]]] = {}

    def log_joint(self, X: Array, parameters: AnyParameters) -> Array:
        """The log joint log pi_k + log N(x_n | mu_k, Sigma_k), shape (N, K).

        Raises LinAlgError where Sigma_k is not positive definite.
        """
        points, weights, means = self._points(X), _double(parameters[0]), _double(parameters[1])
        N, D, K = len(points), points.shape[1], len(weights)
        means = means.reshape(K, D)
        result = np.empty((N, K))
        for k in range(K):
            covariance = self.component_covariance(_double(parameters[2]), k, D)
            if np.linalg.eigvalsh(covariance).min() <= 0:
                message = f"the covariance of component {k} is not positive definite"
                raise np.linalg.LinAlgError(message)
            log_determinant = np.linalg.slogdet(covariance)[1]
            for n in range(N):
                difference = points[n] - means[k]
                distance = difference @ np.linalg.solve(covariance, difference)
                log_density = -0.5 * (D * np.log(2 * np.pi) + log_determinant + distance)
                result[n, k] = np.log(weights[k]) + log_density
        return self._as_given(X, result)

    def e_step(self, X: Array, parameters: AnyParameters) -> Array:
        """gamma_nk = pi_k N(x_n | k) / sum_j pi_j N(x_n | j), shape (N, K)."""
        log_joint = self.log_joint(_double(X), parameters)
        result = np.empty_like(log_joint)
        for n, row in enumerate(log_joint):
            joint = np.exp(row - row.max())  # a factor common to numerator and denominator
            result[n] = joint / joint.sum()
        return self._as_given(X, result)

    def m_step(self, X: Array, responsibilities: Array, previous: AnyParameters | None = None) -> AnyParameters:
        """The maximiser of Q. Raises ValueError where N_k = 0."""
        del previous  # every update is closed
        points, gamma = self._points(X), _double(responsibilities)
        (N, D), K = points.shape, gamma.shape[1]
        counts, means, scatters = np.zeros(K), np.zeros((K, D)), np.zeros((K, D, D))
        for k in range(K):
            for n in range(N):
                counts[k] += gamma[n, k]
            if counts[k] == 0:
                message = f"component {k} has no points: N_k = 0"
                raise ValueError(message)
            for n in range(N):
                means[k] += gamma[n, k] * points[n] / counts[k]
            for n in range(N):
                scatters[k] += gamma[n, k] * np.outer(points[n] - means[k], points[n] - means[k])
        spread = self.estimate(scatters, counts, N)
        if not self.EVENT_SHAPE:
            means = means[:, 0]
        result: AnyParameters = self.Parameters(*(self._as_given(X, value) for value in (counts / N, means, spread)))
        return result

    def log_likelihood(self, X: Array, parameters: AnyParameters) -> float:
        """sum_n log sum_k pi_k N(x_n | k), in nats."""
        total = 0.0
        for row in self.log_joint(_double(X), parameters):
            total += row.max() + np.log(np.exp(row - row.max()).sum())
        return float(total)

    def em_step(self, X: Array, parameters: AnyParameters) -> tuple[AnyParameters, float]:
        """One iteration: the new parameters, and the log-likelihood at the given ones."""
        return self.m_step(X, self.e_step(X, parameters), parameters), self.log_likelihood(X, parameters)

    def n_parameters(self, K: int, D: int = 1) -> int:
        """Free numbers: weights that sum to one, means, spread."""
        return (K - 1) + K * D + self.free_spread(K, D)

    def _points(self, X: Array) -> Array:
        """X as (N, D) in float64; scalar data may come as (N,). Raises ValueError for any other rank."""
        points = _double(X)
        if not self.EVENT_SHAPE and points.ndim == 1:
            points = points[:, np.newaxis]
        if points.ndim != 2 or (not self.EVENT_SHAPE and points.shape[1] != 1):
            message = f"X has shape {points.shape}; {self.MODEL} takes (N, D), or for scalar data (N,) or (N, 1)"
            raise ValueError(message)
        return points

    @staticmethod
    def _as_given(X: Array, value: Array) -> Array:
        return value.astype(np.float32) if np.asarray(X).dtype == np.float32 else value


def _double(value: Array) -> Array:
    return np.asarray(value, dtype=np.float64)


def _full(scatters: Array, counts: Array, N: int) -> Array:
    del N
    return np.array([scatter / count for scatter, count in zip(scatters, counts, strict=True)])


def _tied(scatters: Array, counts: Array, N: int) -> Array:
    del counts
    return np.asarray(sum(scatters) / N)


def _diagonal(scatters: Array, counts: Array, N: int) -> Array:
    return np.array([np.diag(covariance) for covariance in _full(scatters, counts, N)])


def _spherical(scatters: Array, counts: Array, N: int) -> Array:
    return np.array([np.trace(covariance) / len(covariance) for covariance in _full(scatters, counts, N)])


def _matrix_model(name: str, shape: tuple[str, ...], component: Any, estimate: Any, free: Any) -> Baseline:
    shapes = {"weights": ("K",), "means": ("K", "D"), "covariances": shape}
    return Baseline(name, ("D",), shapes, MatrixParameters, component, estimate, free)


_MODELS = (
    _matrix_model(
        "gaussian-full",
        ("K", "D", "D"),
        lambda spread, k, D: spread[k].reshape(D, D),
        _full,
        lambda K, D: K * D * (D + 1) // 2,
    ),
    _matrix_model(
        "gaussian-tied", ("D", "D"), lambda spread, k, D: spread.reshape(D, D), _tied, lambda K, D: D * (D + 1) // 2
    ),
    _matrix_model(
        "gaussian-diagonal", ("K", "D"), lambda spread, k, D: np.diag(spread[k]), _diagonal, lambda K, D: K * D
    ),
    _matrix_model("gaussian-spherical", ("K",), lambda spread, k, D: spread[k] * np.eye(D), _spherical, lambda K, D: K),
    Baseline(
        "gaussian-1d",
        (),
        {"weights": ("K",), "means": ("K",), "variances": ("K",)},
        ScalarParameters,
        lambda spread, k, D: spread[k] * np.eye(D),
        _spherical,
        lambda K, D: K,
    ),
)

BASELINE: MappingProxyType[str, Baseline] = MappingProxyType({model.MODEL: model for model in _MODELS})
"""The five models by name."""
