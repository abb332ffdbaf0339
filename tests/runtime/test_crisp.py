"""Starts of models whose components would all be alike from a soft start: the ends of supports."""

import numpy as np
import pytest

from derive.language import Data, Parameter, Positive, log, support
from derive.runtime.crisp import told_apart
from derive.runtime.em import fit
from derive.runtime.problem import Problem
from derive.runtime.protocol import GeneratedModule
from tests.em.boundary import built, k, mixture, n, x

theta, lengths = Parameter("theta", k, domain=Positive, code="ends"), Data("r", n, domain=Positive)
mu = Parameter("mu", k, code="means")


@pytest.fixture(scope="module")
def uniform() -> GeneratedModule:
    return built(mixture(-log(theta[k]) + support(lengths[n] <= theta[k])))[1]


def softened(clusters: np.ndarray) -> np.ndarray:
    return np.asarray(0.98 * np.eye(2)[clusters] + 0.01)


@pytest.mark.parametrize("mode", ["soft", "hard"])
def test_uniform_components_reach_to_different_ends(uniform: GeneratedModule, mode: str) -> None:
    rng = np.random.default_rng(1)
    data = np.concatenate([rng.uniform(0, 1, 200), rng.uniform(0, 9, 100)])
    found = fit(uniform, data, 2, mode=mode)
    low, high = np.sort(found.parameters.ends)
    assert high == data.max()
    assert low < 0.7 * high
    alike = uniform.Parameters(weights=np.full(2, 0.5), ends=np.full(2, high))
    assert found.log_likelihood > uniform.log_likelihood(data, alike)


def test_only_starts_that_make_all_alike_are_made_crisp(uniform: GeneratedModule) -> None:
    data, clusters = np.array([1.0, 2, 7, 8]), np.array([0, 0, 1, 1])
    start = softened(clusters)
    assert np.array_equal(told_apart(Problem(uniform, data, {}), start), np.eye(2)[clusters])
    smooth = built(mixture(-((x[n] - mu[k]) ** 2)))[1]
    assert told_apart(Problem(smooth, data, {}), start) is start
    same = np.array([8.0, 1, 7, 8])  # both clusters end at the same place: nothing is gained
    assert told_apart(Problem(uniform, same, {}), start) is start
    assert told_apart(Problem(uniform, data, {}), softened(np.zeros(4, dtype=int))) is not None
