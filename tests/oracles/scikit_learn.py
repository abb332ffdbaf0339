"""One EM iteration by scikit-learn's GaussianMixture, from given parameters and without regularisation."""

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from tests.baseline_em import BASELINE

Array = NDArray[Any]

COVARIANCE_TYPES = {
    "gaussian-full": "full",
    "gaussian-tied": "tied",
    "gaussian-diagonal": "diag",
    "gaussian-spherical": "spherical",
    "gaussian-1d": "spherical",
}


def _mixture(name: str, X: Array, parameters: tuple[Array, ...], iterations: int) -> GaussianMixture:
    weights, means, spread = parameters
    kind = COVARIANCE_TYPES[name]
    precisions = 1 / spread if kind in {"diag", "spherical"} else np.linalg.inv(spread)
    mixture = GaussianMixture(
        n_components=len(weights),
        covariance_type=kind,
        reg_covar=0,
        tol=0,
        max_iter=iterations,
        weights_init=weights,
        means_init=means.reshape(len(weights), -1),
        precisions_init=precisions,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return mixture.fit(X.reshape(len(X), -1))


def iterate(name: str, X: Array, parameters: tuple[Array, ...], iterations: int) -> tuple[Any, float]:
    """Parameters after that many iterations, and the log-likelihood at them."""
    mixture = _mixture(name, X, parameters, iterations)
    means = mixture.means_ if BASELINE[name].EVENT_SHAPE else mixture.means_[:, 0]
    found = BASELINE[name].Parameters(mixture.weights_, means, mixture.covariances_)
    return found, float(mixture.score(X.reshape(len(X), -1)) * len(X))


def responsibilities(name: str, X: Array, parameters: tuple[Array, ...]) -> Array:
    """Responsibilities at the parameters that one iteration leads to, shape (N, K)."""
    return np.asarray(_mixture(name, X, parameters, 1).predict_proba(X.reshape(len(X), -1)))
