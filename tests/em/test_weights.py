"""Sample weights in both meanings: frequencies against repeated rows, precisions against blind maximisation."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from derive.em import derive_em
from derive.emission.module import render_module
from derive.errors import ModelError
from derive.language import PI, AtLeast, Family, Known, NonNegative, Parameter, Positive, log
from derive.models.changes.prior import with_prior
from derive.models.changes.weights import frequency_weights, precision_weights
from derive.models.mixture import Mixture
from derive.models.priors import dirichlet
from derive.runtime.load import load_source
from tests.em.densities import (
    Case,
    Lambda,
    Sigma,
    Spread,
    Tied,
    Values,
    count,
    gauss,
    gauss1,
    k,
    location,
    mu,
    n,
    pi,
    rate,
    s2,
    shared_s2,
    y,
)
from tests.em.interpret import disagreements
from tests.em.priors import BALL, FULL, PRECISION, SCALAR, SPREAD, TIED, TIMES
from tests.language.floats import Array


def generated(model: Mixture) -> Any:
    return load_source(render_module(derive_em(model)), model.name)


@pytest.mark.parametrize("case", [SCALAR, TIMES, pytest.param(FULL, marks=pytest.mark.slow)], ids=lambda c: c.name)
def test_frequency_weights_are_repeated_rows(case: Case) -> None:
    plain, weighted = generated(case.model), generated(frequency_weights(case.model))
    rng = np.random.default_rng(5)
    times = np.array([2, 1, 3, 0, 1, 1, 4, 2])
    X = rng.gamma(4.0, size=(8, 3) if case is FULL else 8)
    shares = rng.dirichlet(np.ones(2), size=8)
    first = weighted.m_step(X, shares, sample_weight=times)
    expected = plain.m_step(np.repeat(X, times, axis=0), np.repeat(shares, times, axis=0))
    for found, wanted in zip(first, expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-12)
    value = weighted.log_likelihood(X, first, sample_weight=times)
    assert value == pytest.approx(plain.log_likelihood(np.repeat(X, times, axis=0), first), rel=1e-12)
    following, reached = weighted.em_step(X, first, sample_weight=times)
    again, same = plain.em_step(np.repeat(X, times, axis=0), first)
    assert reached == pytest.approx(same, rel=1e-12)
    for found, wanted in zip(following, again, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-10)


@pytest.mark.parametrize("case", [SCALAR, pytest.param(SPREAD, marks=pytest.mark.slow)], ids=lambda c: c.name)
def test_frequency_weights_maximise_the_weighted_q(case: Case) -> None:
    assert disagreements(Case(frequency_weights(case.model), case.density)) == []


def test_frequency_weights_and_a_prior_go_together() -> None:
    model = frequency_weights(with_prior(SCALAR.model, dirichlet(pi, Known("alpha", k, domain=AtLeast(1)))))
    case = Case(model, SCALAR.density, lambda v: float(np.sum((v["alpha"] - 1) * np.log(v["pi"]))))
    assert disagreements(case) == []


def precise(case: Case, family: Family) -> Case:
    """The case in which the covariance of each sample is divided by its weight: of y_n / sqrt(w_n), in other words."""

    def density(v: Values) -> Array:
        parts = [case.density(_of_row(v, row, family)) for row in range(len(v["w"]))]
        return np.concatenate(parts)

    return Case(precision_weights(case.model, family), density)


def _of_row(v: Values, row: int, family: Family) -> Values:
    """The values with one sample only, and its own covariance or precision."""
    weight = float(v["w"][row, 0, 0])
    scaled = v[family.name] * weight if family is Lambda else v[family.name] / weight
    return {name: value[row : row + 1] if name in {"x", "y"} else value for name, value in v.items()} | {
        family.name: scaled
    }


PRECISE = [
    pytest.param(precise(SCALAR, s2), id="scalar"),
    *(
        pytest.param(precise(case, family), id=case.name, marks=pytest.mark.slow)
        for case, family in ((FULL, Sigma), (SPREAD, Spread), (TIED, Tied), (PRECISION, Lambda))
    ),
]


@pytest.mark.parametrize("case", PRECISE)
def test_precision_weights_divide_the_covariance(case: Case) -> None:
    assert disagreements(case) == []


def test_the_two_meanings_differ() -> None:
    often, precisely = generated(frequency_weights(SCALAR.model)), generated(precision_weights(SCALAR.model, s2))
    X, w = np.array([1.0, 2.0, 4.0, 7.0, 9.0]), np.array([1.0, 5.0, 2.0, 1.0, 3.0])
    shares = np.random.default_rng(1).dirichlet(np.ones(2), size=5)
    first, second = (module.m_step(X, shares, sample_weight=w) for module in (often, precisely))
    np.testing.assert_allclose(first.locations, second.locations, rtol=1e-12)
    np.testing.assert_allclose(second.weights, shares.mean(axis=0), rtol=1e-12)
    assert not np.allclose(first.s2, second.s2)
    assert not np.allclose(first.weights, second.weights)
    scatter = (shares * w[:, None] * (X[:, None] - second.locations) ** 2).sum(axis=0)
    np.testing.assert_allclose(second.s2, scatter / shares.sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(first.s2, scatter / (w @ shares), rtol=1e-12)


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "a mean": (lambda: precision_weights(SCALAR.model, location), r"a\[k\] is no covariance, variance or precision"),
    "weights": (lambda: precision_weights(SCALAR.model, pi), r"pi\[k\] is no covariance"),
    "a Poisson rate": (
        lambda: precision_weights(Mixture("p", pi, count[n] * log(rate[k]) - rate[k]), rate),
        "the log density must be linear in its inverse or in itself",
    ),
    "another model's": (lambda: precision_weights(SCALAR.model, shared_s2), "which the density does not have"),
    "twice": (lambda: frequency_weights(frequency_weights(SCALAR.model)), "it has the sample weights w"),
    "a taken name": (lambda: frequency_weights(SCALAR.model, "a"), "share the name 'a'"),
    "of components": (
        lambda: Mixture("m", pi, gauss1(s2[k], location[k]), sample_weights=Known("w", k, domain=NonNegative)),
        "a known number for each sample",
    ),
    "estimated": (
        lambda: Mixture("m", pi, gauss1(s2[k], location[k]), sample_weights=Parameter("w", n, domain=Positive)),
        "a known number for each sample",
    ),
    "of any sign": (
        lambda: Mixture("m", pi, gauss(Sigma[k], mu[k]), sample_weights=Known("w", n)),
        "declare them with domain=NonNegative",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_weights_that_make_no_sense_are_refused(name: str) -> None:
    make, words = REFUSED[name]
    with pytest.raises(ModelError, match=words):
        make()


def test_negative_weights_are_refused_by_generated_code() -> None:
    module = generated(frequency_weights(SCALAR.model))
    with pytest.raises(ValueError, match="sample_weight must be zero or more"):
        module.m_step(np.arange(3.0), np.full((3, 2), 0.5), sample_weight=np.array([1.0, -1.0, 2.0]))


def test_a_component_of_rows_without_weight_has_no_points() -> None:
    module = generated(frequency_weights(SCALAR.model))
    shares = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    with pytest.raises(ValueError, match="component 1 has no points"):
        module.m_step(np.arange(3.0), shares, sample_weight=np.array([1.0, 2.0, 0.0]))


@pytest.mark.slow
def test_no_matrix_a_sample_is_made_for_a_shared_covariance() -> None:
    text = render_module(derive_em(frequency_weights(TIED.model)))
    assert "(N, D, D)" not in text


def test_spherical_covariances_take_precision_weights() -> None:
    (family,) = (family for family in BALL.model.families if family.name == "Sigma")
    assert "log(w_n)" in str(precision_weights(BALL.model, family).log_density)


def test_a_normalising_constant_in_one_logarithm_is_that_of_a_variance() -> None:
    """log(2 pi s2) and log 2 pi + log s2 are one density, with the same updates."""
    together = -log(2 * PI * s2[k]) / 2 - (y[n] - location[k]) ** 2 / (2 * s2[k])
    updates = [
        [update.value for update in derive_em(precision_weights(model, s2)).updates]
        for model in (Mixture("scalar", pi, together), SCALAR.model)
    ]
    assert updates[0] == updates[1]


def test_a_planted_meaning_is_found_out() -> None:
    """The updates of frequency weights do not maximise the Q of precision weights."""
    honest = precise(SCALAR, s2)
    planted = Case(frequency_weights(SCALAR.model), honest.density)
    assert any(wrong.startswith("s2") for wrong in disagreements(planted))
