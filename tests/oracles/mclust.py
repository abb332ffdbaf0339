"""M-steps on the iris data by another implementation, read from `mclust_iris.json` beside this file.

The file holds the data, the responsibilities `z`, and for each covariance family the parameters of one M-step, the
maximum of Q, the number of free parameters, and the log-likelihood at which EM from that M-step ends. Covariances are
(K, D, D) there.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

FAMILIES = {
    "gaussian-full": "VVV",
    "gaussian-tied": "EEE",
    "gaussian-diagonal": "VVI",
    "gaussian-spherical": "VII",
}


@dataclass(frozen=True)
class Reference:
    """Data (N, D), responsibilities (N, K), and what the M-step gives: (K,), (K, D) and (K, D, D)."""

    X: Array
    responsibilities: Array
    weights: Array
    means: Array
    covariances: Array
    maximum_of_q: float
    log_likelihood_at_the_end: float
    n_parameters: int


def reference(name: str) -> Reference:
    """The reference of one of the four multivariate models."""
    content = json.loads((Path(__file__).parent / "mclust_iris.json").read_text(encoding="utf-8"))
    step = content["mstep"][FAMILIES[name]]
    arrays = (content["X"], content["z"], step["weights"], step["means"], step["covariances"])
    X, z, weights, means, covariances = (np.asarray(value, dtype=np.float64) for value in arrays)
    return Reference(X, z, weights, means, covariances, step["Q"], step["em_loglik"], step["df"])


def as_matrices(name: str, covariances: Array, K: int, D: int) -> Array:
    """A model's covariances written out as (K, D, D)."""
    if name == "gaussian-full":
        return covariances
    if name == "gaussian-tied":
        return np.broadcast_to(covariances, (K, D, D))
    return np.array([covariances[k] * np.eye(D) for k in range(K)])


def check_m_step(module: Any, name: str) -> None:
    """One M-step from `z`: parameters, the value of Q, and the number of parameters."""
    expected = reference(name)
    K, D = expected.means.shape
    found = module.m_step(expected.X, expected.responsibilities)
    np.testing.assert_allclose(found.weights, expected.weights, rtol=1e-10)
    np.testing.assert_allclose(found.means, expected.means, rtol=1e-10)
    scale = np.abs(expected.covariances).max()
    np.testing.assert_allclose(
        as_matrices(name, found.covariances, K, D), expected.covariances, rtol=1e-10, atol=1e-12 * scale
    )
    q = float((expected.responsibilities * module.log_joint(expected.X, found)).sum())
    assert abs(q - expected.maximum_of_q) <= 1e-10 * abs(expected.maximum_of_q)
    assert module.n_parameters(K, D) == expected.n_parameters


def check_em(module: Any, name: str, max_iterations: int, tolerance: float) -> None:
    """EM from `z` ends at the log-likelihood that the reference gives."""
    expected = reference(name)
    parameters = module.m_step(expected.X, expected.responsibilities)
    value = -np.inf
    for _ in range(max_iterations):
        before, (parameters, value) = value, module.em_step(expected.X, parameters)
        if value - before < 1e-3 * tolerance:
            break
    assert abs(value - expected.log_likelihood_at_the_end) <= tolerance
