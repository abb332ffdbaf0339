"""Trials on models with a latent variable beside the labels, and with components of another kind."""

from typing import Any

import numpy as np
import pytest

from derive.checking.submitted.problem import Setting
from derive.checking.submitted.trial import Verdict
from derive.language import (
    Count,
    Data,
    Index,
    Latent,
    Parameter,
    Positive,
    Simplex,
    log,
    log_factorial,
    point_mass,
)
from derive.models import Mixture
from tests.checking.submitted.test_models import Array, off, setting_of, tried

n, k = Index("n", "N"), Index("k", "K")
DEGREES = 4


@pytest.fixture(scope="module")
def student() -> Setting:
    """Student-t with four degrees of freedom: u is Gamma distributed with shape and rate 2."""
    x, u = Data("x", n), Latent("u", domain=Positive)
    mu, s2 = Parameter("mu", k, code="means"), Parameter("s2", k, domain=Positive, code="scales")
    pi = Parameter("pi", k, domain=Simplex, code="weights")
    density = log(u) / 2 - log(s2[k]) / 2 - u * (x[n] - mu[k]) ** 2 / (2 * s2[k]) + log(u) - 2 * u
    return setting_of(Mixture("student", weights=pi, log_density=density, latent=u))


def _student(X: Array, gamma: Array, previous: Any, *, robust: bool = True, over_u: bool = False) -> tuple[Array, ...]:
    """Weights 1 where it is taken for a Gaussian; over_u divides by the sum of the weights (Kent, Tyler and Vardi)."""
    squares = 0 if previous is None else (X[:, None] - previous.means) ** 2 / previous.scales
    start = previous is None or not robust
    u = np.ones_like(gamma) if start else (DEGREES + 1) / (DEGREES + squares)
    weight, counts = gamma * u, gamma.sum(axis=0)
    means = weight.T @ X / weight.sum(axis=0)
    scatters = (weight * (X[:, None] - means) ** 2).sum(axis=0)
    return counts / len(X), means, scatters / (weight.sum(axis=0) if over_u else counts)


@pytest.mark.parametrize("over_u", [False, True])
def test_two_ways_that_never_lower_the_likelihood_pass(student: Setting, *, over_u: bool) -> None:
    trial = tried(student, lambda X, gamma, previous: _student(X, gamma, previous, over_u=over_u))
    assert trial.passed, trial.checks
    assert trial.verdict is Verdict.raises_by_coordinates
    assert trial.latent


def test_a_student_fitted_as_a_gaussian_is_refused(student: Setting) -> None:
    trial = tried(student, lambda X, gamma, previous: _student(X, gamma, previous, robust=False))
    assert not trial.passed
    assert trial.verdict is Verdict.lowers
    assert not trial.checks[-1].passed
    assert trial.example is not None


def test_one_that_leaves_everything_as_it_is_is_refused(student: Setting) -> None:
    def same(X: Array, gamma: Array, previous: Any = None) -> Any:
        return _student(X, gamma, None) if previous is None else previous

    trial = tried(student, same)
    assert not trial.passed
    assert trial.verdict is Verdict.stops


def test_a_biased_scale_is_refused(student: Setting) -> None:
    def biased(X: Array, gamma: Array, previous: Any = None) -> Any:
        weights, means, scales = _student(X, gamma, previous)
        return weights, means, scales * 1.01

    trial = tried(student, biased)
    assert not trial.passed
    assert trial.verdict is not Verdict.raises_by_coordinates


@pytest.fixture(scope="module")
def inflated() -> Setting:
    """Poisson counts, and surplus zeros beside them."""
    j = Index("j", "K + 1")
    x, lam = Data("x", n, domain=Count), Parameter("lam", k, domain=Positive, code="rates")
    pi = Parameter("pi", j, domain=Simplex, code="weights")
    density = x[n] * log(lam[k]) - lam[k] - log_factorial(x[n])
    return setting_of(Mixture("inflated", weights=pi, log_density=density, others=(point_mass(x[n], 0),)))


def test_components_of_another_kind_are_tried_too(inflated: Setting) -> None:
    def m_step(X: Array, gamma: Array, previous: Any = None) -> Any:
        counts = gamma.sum(axis=0)
        return counts / len(X), gamma[:, :-1].T @ X / counts[:-1]

    assert tried(inflated, m_step).passed

    def unbiased(X: Array, gamma: Array, previous: Any = None) -> Any:
        weights, rates = m_step(X, gamma)
        return weights, rates * 1.001

    trial = tried(inflated, unbiased)
    assert not trial.passed
    assert off(trial) == ["rates"]
