"""Ends, supports and kinks in models that were changed: fixed and tied members, weights of samples, priors, noise."""

from collections.abc import Callable

import numpy as np
import pytest

from derive.checking.verify import verify
from derive.language import (
    Data,
    Index,
    Known,
    NonNegative,
    Parameter,
    Positive,
    Simplex,
    absolute,
    log,
    sum_over,
    support,
)
from derive.models.changes import fix, frequency_weights, tie
from derive.models.mixture import Mixture
from tests.em.boundary import best_on_a_grid, built, k, mixture, n, responsibilities, x
from tests.language.floats import Array

s2, mu = Parameter("s2", k, domain=Positive, code="variances"), Parameter("mu", k, domain=NonNegative, code="means")
theta, lengths = Parameter("theta", k, domain=Positive, code="ends"), Data("r", n, domain=Positive)
m, b = Parameter("m", k, code="locations"), Parameter("b", k, domain=Positive, code="scales")
start = Parameter("a", code="start")
GAUSS = -log(s2[k]) / 2 - (x[n] - mu[k]) ** 2 / (2 * s2[k])
UNIFORM = -log(theta[k]) + support(lengths[n] <= theta[k])
LAPLACE = -log(b[k]) - absolute(x[n] - m[k]) / b[k]
SHIFTED = -log(b[k]) - (x[n] - start) / b[k] + support(start <= x[n])
j = Index("j", "K + 1")
NOISE = (-log(Known("volume", domain=Positive)),)
with_noise = Parameter("pi", j, domain=Simplex, code="weights")
prior = sum_over(k, -((mu[k] - Known("m0")) ** 2) / (2 * Known("v0", domain=Positive)))

MODELS: dict[str, Callable[[], Mixture]] = {
    "half line with a prior": lambda: mixture(GAUSS, log_prior=prior),
    "half line, tied": lambda: tie(mixture(GAUSS), "mu[2]=mu[1]"),
    "half line, one fixed": lambda: fix(mixture(GAUSS), "mu[1]=0.5"),
    "half line, weighted": lambda: frequency_weights(mixture(GAUSS)),
    "uniform, weighted": lambda: frequency_weights(mixture(UNIFORM)),
    "uniform beside noise": lambda: Mixture("noise", with_noise, UNIFORM, others=NOISE),
    "uniform, tied": lambda: tie(mixture(UNIFORM), "theta[2]=theta[1]"),
    "median, tied": lambda: tie(mixture(LAPLACE), "m[2]=m[1]"),
    "median, one fixed": lambda: fix(mixture(LAPLACE), "m[2]=0"),
    "one start for all": lambda: mixture(SHIFTED),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_changed_models_verify(name: str) -> None:
    verification = verify(MODELS[name]())
    assert verification.passed, [check for check in verification.checks if not check.passed]


@pytest.fixture
def problem() -> tuple[Array, Array]:
    rng = np.random.default_rng(0)
    data, gamma = rng.gamma(3.0, size=11), responsibilities(rng, 11, 3)
    gamma[np.argmax(data)] = (0, 0, 1)
    return data, gamma


def test_tied_ends_hold_the_samples_of_both(problem: tuple[Array, Array]) -> None:
    data, gamma = problem
    _, module = built(MODELS["uniform, tied"]())
    both, last = data[(gamma[:, :2] > 0).any(axis=1)].max(), data[gamma[:, 2] > 0].max()
    assert both < last
    assert module.m_step(data, gamma).ends.tolist() == [both, both, last]


def test_tied_medians_weigh_samples_by_scales(problem: tuple[Array, Array]) -> None:
    data, gamma = problem
    _, module = built(MODELS["median, tied"]())
    scales = np.array([1.0, 0.3, 2])
    found = module.m_step(data, gamma, module.Parameters(np.ones(3) / 3, np.zeros(3), scales)).locations
    weights = (gamma[:, :2] / scales[:2]).sum(axis=1)

    def q(at: Array) -> Array:
        return np.asarray(-weights @ np.abs(data[:, np.newaxis] - at))

    assert found[0] == found[1] == pytest.approx(best_on_a_grid(q, 0, 12), abs=1e-5)


@pytest.mark.parametrize("shift", [0.0, 4.0])
def test_tied_means_are_bounded_together(problem: tuple[Array, Array], shift: float) -> None:
    data, gamma = problem
    _, module = built(MODELS["half line, tied"]())
    variances = np.array([1.0, 0.3, 2])
    found = module.m_step(data - shift, gamma, module.Parameters(np.ones(3) / 3, np.zeros(3), variances)).means
    weights = (gamma[:, :2] / variances[:2]).sum(axis=1)
    assert found[0] == found[1] == pytest.approx(max(0.0, weights @ (data - shift) / weights.sum()))


def test_samples_of_weight_zero_do_not_count(problem: tuple[Array, Array]) -> None:
    data, gamma = problem
    weights = np.arange(11.0)
    weights[np.argsort(data)[-4:]] = 0
    _, module = built(MODELS["uniform, weighted"]())
    expected = [data[weights * gamma[:, i] > 0].max() for i in range(3)]
    assert module.m_step(data, gamma, sample_weight=weights).ends.tolist() == expected
