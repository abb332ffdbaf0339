"""Random problems: data, parameters that EM has not converged to, and responsibilities, for any of the five models."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.baseline_em import BASELINE

Array = NDArray[Any]

NAMES = tuple(BASELINE)
SIZES = [(N, D, K) for N in (13, 17, 29, 40) for D in range(1, 6) for K in range(1, 6) if D != K]


@dataclass(frozen=True)
class Problem:
    """X (N, D), or (N,) for scalar data; parameters in the order of the model's fields; responsibilities (N, K)."""

    name: str
    X: Array
    parameters: tuple[Array, ...]
    responsibilities: Array

    def astype(self, dtype: type[np.floating[Any]]) -> "Problem":
        """The same problem, rounded to another precision."""
        parameters = tuple(value.astype(dtype) for value in self.parameters)
        return Problem(self.name, self.X.astype(dtype), parameters, self.responsibilities.astype(dtype))


def random_problem(name: str, N: int, D: int, K: int, seed: int) -> Problem:
    """A problem with columns of different scale, an offset, correlated covariances and unequal weights."""
    rng = np.random.default_rng(seed)
    scale = 10 ** rng.uniform(-0.5, 0.5, D)
    offset = scale * rng.uniform(-3, 3, D)
    X = offset + scale * rng.normal(size=(N, D))
    weights = rng.dirichlet(np.full(K, 3.0)) * 0.9 + 0.1 / K
    means = offset + scale * rng.normal(size=(K, D))
    factors = rng.normal(size=(K, D, D)) / np.sqrt(D)
    covariances = scale[:, np.newaxis] * (factors @ factors.mT + 0.5 * np.eye(D)) * scale
    responsibilities = rng.dirichlet(rng.uniform(0.3, 2.0, K), size=N)
    X, parameters = _in_shape(name, X, (weights, means, covariances), seed)
    return Problem(name, X, parameters, responsibilities)


def _in_shape(
    name: str, X: Array, parameters: tuple[Array, Array, Array], seed: int
) -> tuple[Array, tuple[Array, ...]]:
    weights, means, covariances = parameters
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    spread = {
        "gaussian-full": covariances,
        "gaussian-tied": covariances.mean(axis=0),
        "gaussian-diagonal": variances.copy(),
        "gaussian-spherical": variances.mean(axis=1),
        "gaussian-1d": variances[:, 0].copy(),
    }[name]
    if name == "gaussian-1d":
        return (X[:, 0].copy() if seed % 2 else X), (weights, means[:, 0].copy(), spread)
    return X, (weights, means, spread)


def problems(name: str) -> st.SearchStrategy[Problem]:
    """Random problems with N, D and K pairwise distinct."""
    sizes = [size for size in SIZES if size[1] == 1] if name == "gaussian-1d" else SIZES
    seeds = st.integers(0, 2**32 - 1)
    return st.builds(
        lambda size, seed: random_problem(name, size[0], size[1], size[2], seed), st.sampled_from(sizes), seeds
    )


def size_of(name: str) -> tuple[int, int, int]:
    """One N, D, K for tests that need a single problem."""
    return (37, 1, 4) if name == "gaussian-1d" else (37, 3, 4)
