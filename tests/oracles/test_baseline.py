"""The baseline is right: by scikit-learn, by another implementation's iris fits, by SciPy's densities and optimiser."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax
from scipy.stats import multivariate_normal

from tests.baseline_em import BASELINE
from tests.generated.comparison import assert_close, assert_log_likelihood_close, assert_parameters_close
from tests.generated.problems import NAMES, Problem, random_problem, size_of
from tests.oracles import mclust, scikit_learn

Array = NDArray[Any]
SEEDS = (1, 2, 3)


def _problem(name: str, seed: int) -> Problem:
    return random_problem(name, *size_of(name), seed)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", NAMES)
def test_iterations_are_those_of_scikit_learn(name: str, seed: int) -> None:
    problem, baseline = _problem(name, seed), BASELINE[name]
    parameters = baseline.Parameters(*problem.parameters)
    for iterations in (1, 2, 3):
        parameters, _ = baseline.em_step(problem.X, parameters)
        expected, value = scikit_learn.iterate(name, problem.X, problem.parameters, iterations)
        assert_parameters_close(name, parameters, expected, 1e-9)
        assert_log_likelihood_close(baseline.log_likelihood(problem.X, parameters), value, 1e-9)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", NAMES)
def test_responsibilities_are_those_of_scikit_learn(name: str, seed: int) -> None:
    problem, baseline = _problem(name, seed), BASELINE[name]
    parameters, _ = baseline.em_step(problem.X, baseline.Parameters(*problem.parameters))
    expected = scikit_learn.responsibilities(name, problem.X, problem.parameters)
    assert_close("responsibilities", baseline.e_step(problem.X, parameters), expected, 1e-9)


@pytest.mark.parametrize("name", mclust.FAMILIES)
def test_m_step_is_that_of_mclust(name: str) -> None:
    mclust.check_m_step(BASELINE[name], name)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", NAMES)
def test_log_density_is_that_of_scipy(name: str, seed: int) -> None:
    problem, baseline = _problem(name, seed), BASELINE[name]
    N, D, K = size_of(name)
    weights, means, spread = problem.parameters
    expected = np.empty((N, K))
    for k in range(K):
        density = multivariate_normal(means.reshape(K, D)[k], _matrix(name, spread, k, D))
        expected[:, k] = np.log(weights[k]) + density.logpdf(problem.X.reshape(N, D))
    assert_close("log_joint", baseline.log_joint(problem.X, baseline.Parameters(*problem.parameters)), expected, 1e-11)


def _matrix(name: str, spread: Array, k: int, D: int) -> Array:
    if name == "gaussian-tied":
        return spread
    return np.asarray(spread[k] if name == "gaussian-full" else spread[k] * np.eye(D))


def _spread_of(name: str, D: int, K: int) -> tuple[int, Callable[[Array], Array]]:
    """How many unconstrained numbers the spread takes, and the map from them: logarithms, or Cholesky factors."""

    def positive_definite(numbers: Array) -> Array:
        factor = np.zeros((D, D))
        factor[np.tril_indices(D)] = numbers
        factor[np.diag_indices(D)] = np.exp(np.diag(factor))
        return factor @ factor.T

    half = D * (D + 1) // 2
    ways: dict[str, tuple[int, Callable[[Array], Array]]] = {
        "gaussian-full": (K * half, lambda t: np.array([positive_definite(row) for row in t.reshape(K, half)])),
        "gaussian-tied": (half, positive_definite),
        "gaussian-diagonal": (K * D, lambda t: np.exp(t).reshape(K, D)),
        "gaussian-spherical": (K, np.exp),
        "gaussian-1d": (K, np.exp),
    }
    return ways[name]


@pytest.mark.parametrize("name", NAMES)
def test_m_step_is_where_a_blind_maximisation_of_q_ends(name: str) -> None:
    """Q as a plain function of unconstrained numbers, climbed without knowledge of any update."""
    N, D, K = (11, 1, 3) if name == "gaussian-1d" else (11, 2, 3)
    problem = random_problem(name, N, D, K, seed=7)
    X, responsibilities = problem.X.reshape(N, D), problem.responsibilities
    size, spread_of = _spread_of(name, D, K)

    def parameters(theta: Array) -> tuple[Array, Array, Array]:
        log_weights = log_softmax(np.append(theta[: K - 1], 0.0))
        return log_weights, theta[K - 1 : K - 1 + K * D].reshape(K, D), spread_of(theta[-size:])

    def negative_q(theta: Array) -> float:
        log_weights, means, spread = parameters(theta)
        total = 0.0
        for k in range(K):
            factor = np.linalg.cholesky(_matrix(name, spread, k, D))
            whitened = np.linalg.solve(factor, (X - means[k]).T)
            log_density = -0.5 * (whitened**2).sum(axis=0) - np.log(np.diag(factor)).sum() - D * np.log(2 * np.pi) / 2
            total += responsibilities[:, k] @ (log_weights[k] + log_density)
        return float(-total)

    start = np.concatenate([np.zeros(K - 1), np.tile(X.mean(axis=0), K), np.zeros(size)])
    end = minimize(negative_q, start, method="BFGS", options={"gtol": 1e-6, "maxiter": 2000})

    found = BASELINE[name].m_step(problem.X, responsibilities)
    at_found = float((responsibilities * BASELINE[name].log_joint(problem.X, found)).sum())
    assert at_found >= -end.fun - 1e-9
    assert abs(at_found + end.fun) <= 1e-7
    log_weights, means, spread = parameters(end.x)
    np.testing.assert_allclose(found.weights, np.exp(log_weights), atol=1e-4)
    np.testing.assert_allclose(np.reshape(found.means, (K, D)), means, atol=1e-3)
    np.testing.assert_allclose(found[2], spread, atol=2e-3 * np.abs(spread).max())


def test_counts_of_parameters_are_those_written_out() -> None:
    """K = 3 and D = 4: two free weights and twelve means in each, then the covariances."""
    expected = {"gaussian-full": 30, "gaussian-tied": 10, "gaussian-diagonal": 12, "gaussian-spherical": 3}
    for name, spread in expected.items():
        assert BASELINE[name].n_parameters(3, 4) == 2 + 12 + spread
    assert BASELINE["gaussian-1d"].n_parameters(3) == 2 + 3 + 3


@pytest.mark.parametrize("name", NAMES)
def test_baseline_refuses_what_has_no_meaning(name: str) -> None:
    problem, baseline = _problem(name, 1), BASELINE[name]
    empty = problem.responsibilities.copy()
    empty[:, 2] = 0
    with pytest.raises(ValueError, match="component 2 has no points"):
        baseline.m_step(problem.X, empty)
    weights, means, spread = problem.parameters
    with pytest.raises(np.linalg.LinAlgError):
        baseline.log_joint(problem.X, baseline.Parameters(weights, means, -spread))
    with pytest.raises(ValueError, match="shape"):
        baseline.m_step(np.zeros((5, 2, 2)), problem.responsibilities)
