"""Trials on models of other kinds: priors, sample weights, known quantities, counts, coordinate-wise updates."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from derive import load
from derive.checking.submitted.problem import Setting
from derive.checking.submitted.process import InProcess
from derive.checking.submitted.trial import Trial, Verdict, try_m_step
from derive.em import derive_em
from derive.emission.module import render_module
from derive.language import (
    PI,
    AtLeast,
    Count,
    Data,
    Dimension,
    Index,
    Known,
    Parameter,
    Positive,
    PositiveDefinite,
    Simplex,
    inverse,
    log,
    logdet,
    quad,
    sum_over,
)
from derive.models import Mixture
from derive.models.changes import frequency_weights
from derive.models.load import catalogue
from derive.runtime.load import load_source

Array = NDArray[Any]
n, k, D = Index("n", "N"), Index("k", "K"), Dimension("D")
pi = Parameter("pi", k, domain=Simplex, code="weights")


def setting_of(model: Mixture) -> Setting:
    derivation = derive_em(model)
    return Setting(derivation, load_source(render_module(derivation), model.name))


def tried(setting: Setting, m_step: Callable[..., Any]) -> Trial:
    return try_m_step(setting, InProcess(m_step))


def off(trial: Trial) -> list[str]:
    assert trial.example is not None
    return [one.parameter for one in trial.example.off]


@pytest.fixture(scope="module")
def with_prior() -> Setting:
    x, rate = Data("x", n, domain=Count), Parameter("lam", k, domain=Positive, code="rates")
    a, b = Known("a", domain=AtLeast(1)), Known("b", domain=Positive)
    prior = sum_over(k, (a - 1) * log(rate[k]) - b * rate[k])
    return setting_of(Mixture("prior", weights=pi, log_density=x[n] * log(rate[k]) - rate[k], log_prior=prior))


def test_the_mode_of_the_posterior_passes(with_prior: Setting) -> None:
    def m_step(X: Array, gamma: Array, previous: Any = None, *, a: Array, b: Array) -> Any:
        counts = gamma.sum(axis=0)
        return counts / len(X), (gamma.T @ X + a - 1) / (counts + b)

    assert tried(with_prior, m_step).passed


def test_maximum_likelihood_under_a_prior_is_refused(with_prior: Setting) -> None:
    def m_step(X: Array, gamma: Array, previous: Any = None, **knowns: Array) -> Any:
        counts = gamma.sum(axis=0)
        return counts / len(X), gamma.T @ X / counts

    trial = tried(with_prior, m_step)
    assert trial.verdict is Verdict.lowers
    assert off(trial) == ["rates"]
    assert trial.example is not None
    assert trial.example.problem.X.size == 1
    assert set(trial.example.problem.knowns) == {"a", "b"}


@pytest.mark.parametrize("weighted", [True, False])
def test_sample_weights_count(weighted: bool) -> None:
    setting = setting_of(frequency_weights(catalogue()["poisson"]))

    def m_step(X: Array, gamma: Array, *, sample_weight: Array, **knowns: Array) -> Any:
        gamma = gamma * sample_weight[:, np.newaxis] if weighted else gamma
        exposures = next(iter(knowns.values())) if knowns else np.ones(len(X))
        counts = gamma.sum(axis=0)
        return counts / counts.sum(), gamma.T @ X / (gamma.T @ exposures)

    trial = tried(setting, m_step)
    assert trial.passed is weighted, trial.checks
    if not weighted:
        assert trial.verdict is Verdict.lowers
        assert trial.example is not None


def test_smoothed_probabilities_are_refused() -> None:
    """A habit of libraries: one success and one failure are added, which is a prior that the model does not have."""

    def m_step(X: Array, gamma: Array, previous: Any = None) -> Any:
        counts = gamma.sum(axis=0)
        return counts / len(X), (gamma.T @ X + 1) / (counts[:, np.newaxis] + 2)

    trial = load("bernoulli").verify_m_step(m_step)
    assert trial.verdict is Verdict.lowers
    assert len(off(trial)) == 1
    assert trial.example is not None
    assert set(trial.example.problem.X.ravel()) <= {0.0, 1.0}


def test_parameters_in_each_others_place_are_told() -> None:
    def m_step(X: Array, gamma: Array) -> Any:
        counts = gamma.sum(axis=0)
        means = gamma.T @ X / counts
        return counts / len(X), (gamma * (X[:, np.newaxis] - means) ** 2).sum(axis=0) / counts, means

    trial = load("gaussian-1d").verify_m_step(m_step)
    assert not trial.passed
    assert trial.example is not None
    assert trial.example.exchanged == ("means", "variances")


@pytest.fixture(scope="module")
def volumes() -> Setting:
    """Covariances of one shape and orientation, each component with a volume of its own."""
    x, mu = Data("x", n, shape=D), Parameter("mu", k, shape=D, code="means")
    S = Parameter("S", domain=PositiveDefinite(D), code="shape")
    volume = Parameter("lam", k, domain=Positive, code="volumes")
    determinant = D * log(2 * PI) / 2 + D * log(volume[k]) / 2 + logdet(S) / 2
    density = -determinant - quad(inverse(S), x[n] - mu[k]) / (2 * volume[k])
    return setting_of(Mixture("volumes", weights=pi, log_density=density))


def _volumes(X: Array, gamma: Array, previous: Any, *, ignored: bool, steps: int = 1) -> dict[str, Array]:
    """Conditional maxima, shape first; the wrong one takes the shape as if all volumes were one."""
    counts = gamma.sum(axis=0)
    means = gamma.T @ X / counts[:, np.newaxis]
    centred = X[np.newaxis] - means[:, np.newaxis]
    scatters = np.einsum("nk,knd,kne->kde", gamma, centred, centred)
    volumes = np.ones(len(counts)) if previous is None else previous.volumes
    shape = np.eye(X.shape[1])
    for _ in range(steps):
        shape = (scatters / (1 if ignored else volumes[:, np.newaxis, np.newaxis])).sum(axis=0) / len(X)
        volumes = np.trace(scatters @ np.linalg.inv(shape), axis1=1, axis2=2) / (X.shape[1] * counts)
    return {"weights": counts / len(X), "means": means, "volumes": volumes, "shape": shape}


@pytest.mark.parametrize("steps", [1, 300])
def test_coordinate_updates_in_another_order_or_to_the_end_pass(volumes: Setting, steps: int) -> None:
    trial = tried(volumes, lambda X, gamma, previous: _volumes(X, gamma, previous, ignored=False, steps=steps))
    assert trial.passed, trial.checks
    assert trial.coordinate_wise
    assert trial.verdict is Verdict.raises_by_coordinates


def test_a_shape_that_ignores_the_volumes_is_refused(volumes: Setting) -> None:
    trial = tried(volumes, lambda X, gamma, previous: _volumes(X, gamma, previous, ignored=True))
    assert not trial.passed
    assert trial.verdict is Verdict.lowers
    assert trial.coordinate_wise
    assert trial.example is not None
    assert trial.example.q_found < trial.example.q_previous
    assert "shape" in off(trial)
