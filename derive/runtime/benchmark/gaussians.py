"""Whether a model is a mixture of Gaussians, which other programs fit as well: told by its density, not by its name."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import multivariate_normal

from derive.runtime.benchmark.problem import Problem
from derive.runtime.protocol import plates

Array = NDArray[Any]
_ROWS = 7  # on which densities are compared


@dataclass(frozen=True)
class Gaussians:
    """A Gaussian mixture: structure "full", "tied", "diagonal" or "spherical"; weights (K,), means (K, D).

    covariances: shape (K, D, D), (D, D), (K, D) or (K,), by the structure. X: data, shape (N, D).
    """

    X: Array
    structure: str
    weights: Array
    means: Array
    covariances: Array

    def log_joint(self, X: Array) -> Array:
        """Log of weight times density, shape (N, K), from the textbook's formula."""
        D = self.means.shape[1]
        columns = [
            np.log(weight) + multivariate_normal.logpdf(X, mean, covariance).reshape(len(X))
            for weight, mean, covariance in zip(self.weights, self.means, self._matrices(D), strict=True)
        ]
        return np.stack(columns, axis=1)

    def _matrices(self, D: int) -> list[Array]:
        if self.structure == "tied":
            return [self.covariances] * len(self.weights)
        if self.structure == "full":
            return list(self.covariances)
        return [np.eye(D) * variance for variance in self.covariances]


def as_gaussians(problem: Problem) -> Gaussians | None:
    """The mixture of Gaussians that the problem's parameters are, or None for any other model."""
    module = problem.module
    shapes = [tuple(shape) for shape in module.PARAMETER_SHAPES.values()]
    event, K = tuple(module.EVENT_SHAPE), plates(module)[1]
    if problem.knowns or len(shapes) != 3 or len(event) > 1 or shapes[:2] != [(K,), (K, *event)]:
        return None
    structures = {(K,): "spherical", (K, *event): "diagonal", event * 2: "tied", (K, *event, *event): "full"}
    structure = "spherical" if not event and shapes[2] == (K,) else structures.get(shapes[2])
    if structure is None:
        return None
    weights, means, covariances = (np.asarray(value) for value in problem.parameters)
    table = problem.X.reshape(len(problem.X), -1)
    found = Gaussians(table, structure, weights, means.reshape(len(weights), -1), covariances)
    rows = problem.X[:_ROWS]
    try:
        same = np.allclose(module.log_joint(rows, problem.parameters), found.log_joint(table[:_ROWS]), rtol=1e-8)
    except (ValueError, np.linalg.LinAlgError):  # no covariances, whatever their shape
        return None
    return found if same else None
