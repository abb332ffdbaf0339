"""Second oracle: scikit-learn's GaussianMixture without regularisation, from the same start."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_iris

from tests.generated.comparison import assert_close, assert_log_likelihood_close, assert_parameters_close
from tests.generated.loading import module
from tests.generated.problems import NAMES, random_problem
from tests.oracles import scikit_learn

# scikit-learn adds 10 eps to each N_k, and takes tied and diagonal covariances as differences of second moments.
TOLERANCE = 1e-9


@pytest.mark.parametrize("name", NAMES)
@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_one_iteration(name: str, seed: int) -> None:
    # Points enough that no component can collapse, which scikit-learn would refuse.
    problem = random_problem(name, 60, 1 if name == "gaussian-1d" else 4, 3, seed)
    code = module(name)
    found, _ = code.em_step(problem.X, code.Parameters(*problem.parameters))
    expected, value = scikit_learn.iterate(name, problem.X, problem.parameters, 1)
    assert_parameters_close(name, found, expected, TOLERANCE)
    assert_log_likelihood_close(code.log_likelihood(problem.X, found), value, TOLERANCE)
    responsibilities = scikit_learn.responsibilities(name, problem.X, problem.parameters)
    assert_close("responsibilities", code.e_step(problem.X, found), responsibilities, TOLERANCE)


@pytest.mark.parametrize("iterations", [1, 7, 30])
@pytest.mark.parametrize("name", NAMES)
def test_run_on_iris(name: str, iterations: int) -> None:
    X = load_iris().data
    if name == "gaussian-1d":
        X = X[:, 2]
    code = module(name)
    hard = np.eye(3)[np.argsort(np.argsort(X.reshape(150, -1)[:, -1], kind="stable")) // 50]
    start = code.m_step(X, 0.8 * hard + 0.2 * np.array([0.5, 0.3, 0.2]))
    parameters = start
    for _ in range(iterations):
        parameters, _ = code.em_step(X, parameters)
    expected, value = scikit_learn.iterate(name, X, start, iterations)
    assert_parameters_close(name, parameters, expected, 1e-8)
    assert_log_likelihood_close(code.log_likelihood(X, parameters), value, TOLERANCE)
