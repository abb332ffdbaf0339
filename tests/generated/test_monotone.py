"""EM never lowers the log-likelihood, whatever it starts from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generated.loading import module
from tests.generated.problems import NAMES, random_problem

ITERATIONS = 25


@pytest.mark.parametrize("name", NAMES)
@given(K=st.integers(2, 5), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_log_likelihood_never_falls(name: str, K: int, seed: int) -> None:
    # Eighty points in one or two dimensions with a spread of their own: a run of this length does not collapse.
    problem = random_problem(name, 80, 1 if name == "gaussian-1d" else 2, K, seed)
    code = module(name)
    parameters, before = code.Parameters(*problem.parameters), -np.inf
    for _ in range(ITERATIONS):
        try:
            parameters, value = code.em_step(problem.X, parameters)
        except np.linalg.LinAlgError:
            break  # collapsed on a point: the likelihood has no bound there, and the run so far still counts
        assert value >= before - 1e-10 * max(abs(before), 1.0)
        before = value


@pytest.mark.parametrize("name", NAMES)
def test_the_first_iteration_raises_it_strictly(name: str) -> None:
    problem = random_problem(name, 80, 1 if name == "gaussian-1d" else 2, 3, seed=4)
    code = module(name)
    start = code.Parameters(*problem.parameters)
    parameters, value = code.em_step(problem.X, start)
    assert code.log_likelihood(problem.X, parameters) > value + 1


@pytest.mark.parametrize("name", NAMES)
def test_a_fixed_point_stays(name: str) -> None:
    """With one component EM converges in one step, and every further step changes nothing."""
    problem = random_problem(name, 50, 1 if name == "gaussian-1d" else 3, 1, seed=9)
    code = module(name)
    first = code.m_step(problem.X, np.ones((50, 1)))
    second, _ = code.em_step(problem.X, first)
    for one, other in zip(first, second, strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-13)
