"""Small hand-written modules with the interface of generated ones: a mixture of exponentials, three Gaussians.

They show that the runtime needs the interface and nothing else, and that it is not keyed on one family.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

Array = NDArray[Any]


class Rates(NamedTuple):
    """An exponential mixture: weights (K,), rates (K,)."""

    weights: Array
    rates: Array


class Normal(NamedTuple):
    """A Gaussian mixture: weights (K,), means (K, D), covariances in the structure's shape."""

    weights: Array
    means: Array
    covariances: Array


@dataclass(frozen=True)
class Fake:
    """What mixtures have in common; density and estimate are a model's own."""

    MODEL: str
    EVENT_SHAPE: tuple[str | int, ...]
    PARAMETER_SHAPES: dict[str, tuple[str | int, ...]]
    Parameters: Any
    density: Callable[..., Array]
    estimate: Callable[..., tuple[Array, ...]]
    count: Callable[[int, int], int]
    KNOWNS: dict[str, tuple[str | int, ...]] = field(default_factory=dict)
    WEIGHTS: str = "weights"

    def n_parameters(self, K: int, D: int = 1) -> int:
        return self.count(K, D)

    def log_joint(self, X: Array, parameters: Any, **knowns: Array) -> Array:
        return np.asarray(np.log(parameters[0]) + self.density(X, *parameters[1:], **knowns))

    def e_step(self, X: Array, parameters: Any, **knowns: Array) -> Array:
        joint = self.log_joint(X, parameters, **knowns)
        return np.asarray(np.exp(joint - logsumexp(joint, axis=1, keepdims=True)))

    def m_step(self, X: Array, responsibilities: Array, previous: Any = None, **knowns: Array) -> Any:
        counts = responsibilities.sum(axis=0)
        if not counts.all():
            raise ValueError(f"component {int(np.argmin(counts))} has no points")
        return self.Parameters(counts / len(X), *self.estimate(X, responsibilities, counts, **knowns))

    def log_likelihood(self, X: Array, parameters: Any, **knowns: Array) -> float:
        return float(logsumexp(self.log_joint(X, parameters, **knowns), axis=1).sum())

    def objective(self, X: Array, parameters: Any, **knowns: Array) -> float:
        return self.log_likelihood(X, parameters, **knowns)

    def em_step(self, X: Array, parameters: Any, **knowns: Array) -> tuple[Any, float]:
        following = self.m_step(X, self.e_step(X, parameters, **knowns), parameters, **knowns)
        return following, self.log_likelihood(X, parameters, **knowns)


def _exponential_density(X: Array, rates: Array) -> Array:
    return np.asarray(np.log(rates) - rates * X[:, None])


def _exponential_estimate(X: Array, responsibilities: Array, counts: Array) -> tuple[Array]:
    return (counts / (X @ responsibilities),)


def _matrices(covariances: Array, means: Array) -> Array:
    return covariances if covariances.ndim == 3 else covariances[:, None, None] * np.eye(means.shape[1])


def _gaussian_density(X: Array, means: Array, covariances: Array) -> Array:
    columns = []
    for mean, covariance in zip(means, _matrices(covariances, means), strict=True):
        factor = np.linalg.cholesky(covariance)
        whitened = np.linalg.solve(factor, (X - mean).T)
        half_log_det = np.log(np.diag(factor)).sum()
        columns.append(-0.5 * np.square(whitened).sum(axis=0) - half_log_det - X.shape[1] * math.log(2 * math.pi) / 2)
    return np.stack(columns, axis=1)


def _scatter(X: Array, responsibilities: Array, counts: Array) -> tuple[Array, Array]:
    means = responsibilities.T @ X / counts[:, None]
    return means, np.stack(
        [(r[:, None] * (X - m)).T @ (X - m) / n for r, m, n in zip(responsibilities.T, means, counts, strict=True)]
    )


def _spherical_estimate(X: Array, responsibilities: Array, counts: Array) -> tuple[Array, Array]:
    means, scatter = _scatter(X, responsibilities, counts)
    return means, np.trace(scatter, axis1=1, axis2=2) / X.shape[1]


def _shifted_density(X: Array, rates: Array, *, shift: Array) -> Array:
    return _exponential_density(X - shift, rates)


def _shifted_estimate(X: Array, responsibilities: Array, counts: Array, *, shift: Array) -> tuple[Array]:
    return _exponential_estimate(X - shift, responsibilities, counts)


_VECTORS: dict[str, tuple[str | int, ...]] = {"weights": ("K",), "means": ("K", "D")}
_RATES: dict[str, tuple[str | int, ...]] = {"weights": ("K",), "rates": ("K",)}

EXPONENTIAL = Fake(
    "exponential", (), _RATES, Rates, _exponential_density, _exponential_estimate, lambda k, _: 2 * k - 1
)
SHIFTED = Fake("shifted", (), _RATES, Rates, _shifted_density, _shifted_estimate, lambda k, _: 2 * k - 1, {"shift": ()})
FULL = Fake(
    "full",
    ("D",),
    {**_VECTORS, "covariances": ("K", "D", "D")},
    Normal,
    _gaussian_density,
    _scatter,
    lambda k, d: k - 1 + k * d + k * d * (d + 1) // 2,
)
SPHERICAL = Fake(
    "spherical",
    ("D",),
    {**_VECTORS, "covariances": ("K",)},
    Normal,
    _gaussian_density,
    _spherical_estimate,
    lambda k, d: k - 1 + k * d + k,
)
FAKES = {fake.MODEL: fake for fake in (EXPONENTIAL, SHIFTED, FULL, SPHERICAL)}
