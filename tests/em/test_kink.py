"""Absolute differences: the update is a weighted median or quantile, which no smooth calculus finds."""

from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np
import pytest

from derive.checking.submitted.problem import Setting
from derive.checking.submitted.process import InProcess
from derive.checking.submitted.trial import Verdict, try_m_step
from derive.checking.verify import verify
from derive.em import derive_em
from derive.errors import NoClosedFormError, StepRefusedError
from derive.language import (
    Data,
    Expr,
    Known,
    NonNegative,
    Parameter,
    Positive,
    Probability,
    absolute,
    exp,
    log,
    sum_over,
)
from derive.language.calculus_nodes import At, Named
from derive.language.expr import Number
from derive.language.functions import Sum
from derive.language.reductions import Quantile
from derive.proof.certify import Certifier
from derive.proof.codec import from_json, to_json
from derive.proof.derivation import Derivation
from derive.proof.step import Step
from derive.runtime.protocol import GeneratedModule
from tests.em.boundary import best_on_a_grid, built, d, k, mixture, n, responsibilities, table, x
from tests.language.floats import Array

m, b = Parameter("m", k, code="locations"), Parameter("b", k, domain=Positive, code="scales")
tau = Known("tau", domain=Probability, code="level")
LAPLACE = -log(2 * b[k]) - absolute(x[n] - m[k]) / b[k]
ASYMMETRIC = -log(b[k]) - (absolute(x[n] - m[k]) + (2 * tau - 1) * (x[n] - m[k])) / (2 * b[k])


def loss(data: Array, weights: Array, at: Array, level: float = 0.5) -> Array:
    """Written by hand: the weighted check function of quantile regression, subtracted, for each location."""
    u = data[:, np.newaxis] - at
    return np.asarray(-(weights[:, np.newaxis] * np.where(u > 0, level * u, (level - 1) * u)).sum(axis=0))


@pytest.fixture(scope="module")
def laplace() -> tuple[Derivation, GeneratedModule]:
    return built(mixture(LAPLACE))


def test_the_median_is_the_best_location(laplace: tuple[Derivation, GeneratedModule]) -> None:
    derivation, module = laplace
    update = next(u for u in derivation.updates if u.target.family.name == "m")
    assert (update.kind, update.argument) == ("kink", "weighted median")
    rng = np.random.default_rng(8)
    for samples in (11, 12):
        data, gamma = rng.standard_cauchy(samples), responsibilities(rng, samples, 3)
        found = module.m_step(data, gamma)
        for j in range(3):
            best = best_on_a_grid(partial(loss, data, gamma[:, j]), data.min(), data.max())
            assert found.locations[j] in data[gamma[:, j] > 0]
            values = loss(data, gamma[:, j], np.array([found.locations[j], best, found.locations[j] - 1e-6]))
            assert values[0] >= values[1] - 1e-12
            assert values[0] > values[2]  # of several, the smallest
            spread = (gamma[:, j] * np.abs(data - found.locations[j])).sum() / gamma[:, j].sum()
            assert found.scales[j] == pytest.approx(spread)


@pytest.mark.parametrize("level", [0.1, 0.5, 0.77])
def test_the_quantile_is_the_best_location(level: float) -> None:
    _, module = built(mixture(ASYMMETRIC))
    rng = np.random.default_rng(9)
    data, gamma = rng.normal(size=14), responsibilities(rng, 14, 3)
    found = module.m_step(data, gamma, level=np.array(level))
    for j in range(3):
        best = best_on_a_grid(partial(loss, data, gamma[:, j], level=level), -5, 5)
        assert (
            loss(data, gamma[:, j], found.locations[j : j + 1], level)[0]
            >= loss(data, gamma[:, j], np.array([best]), level)[0] - 1e-12
        )


@pytest.mark.parametrize("density", [LAPLACE, ASYMMETRIC], ids=["laplace", "asymmetric"])
def test_models_with_kinks_verify(density: Expr) -> None:
    verification = verify(mixture(density))
    assert verification.passed, [check for check in verification.checks if not check.passed]


def test_hard_responsibilities_ties_and_single_precision(laplace: tuple[Derivation, GeneratedModule]) -> None:
    _, module = laplace
    data = np.array([5.0, 1, 2, 9, 9, 4], dtype=np.float32)
    gamma = np.eye(2, dtype=np.float32)[[0, 0, 0, 1, 1, 0]]
    found = module.m_step(data, gamma)
    assert found.locations.tolist() == [2, 9]  # the lower of two medians
    assert found.locations.dtype == np.float32


def test_values_without_weight_do_not_count(laplace: tuple[Derivation, GeneratedModule]) -> None:
    _, module = laplace
    data, gamma = np.array([-9.0, 1, 2, 3, 8]), np.array([[0.0, 1], [1, 0], [1, 0], [1, 0], [0, 1]])
    assert module.m_step(data, gamma).locations.tolist() == [2, -9]
    with pytest.raises(ValueError, match="no points"):
        module.m_step(data, np.eye(2)[[0, 0, 0, 0, 0]])


def test_a_location_that_components_share() -> None:
    shared = Parameter("m", code="location")
    _, module = built(mixture(-log(b[k]) - absolute(x[n] - shared) / b[k]))
    data, gamma = np.array([1.0, 2, 7, 4]), np.array([[1.0, 0], [0, 1], [0, 1], [1, 0]])
    before = module.Parameters(weights=np.array([0.5, 0.5]), location=np.array(0.0), scales=np.array([1.0, 0.1]))
    assert module.m_step(data, gamma, before).location == 2


def test_coordinates_have_medians_of_their_own() -> None:
    locations, scales = Parameter("m", k, d, code="locations"), Parameter("b", k, d, domain=Positive, code="scales")
    values = sum_over(d, -log(scales[k, d]) - absolute(table[n, d] - locations[k, d]) / scales[k, d])
    _, module = built(mixture(values))
    data = np.random.default_rng(4).normal(size=(7, 3))
    gamma = np.eye(2)[[0, 1, 0, 1, 1, 0, 0]]
    expected = [np.sort(data[gamma[:, j] > 0], axis=0)[(count - 1) // 2] for j, count in ((0, 4), (1, 3))]
    assert np.array_equal(module.m_step(data, gamma).locations, expected)


def test_known_weights_of_samples_count() -> None:
    w = Known("w", n, domain=Positive, code="multipliers")
    _, module = built(mixture(-log(b[k]) - w[n] * absolute(x[n] - m[k]) / b[k]))
    data, gamma = np.array([1.0, 2, 3]), np.full((3, 2), 0.5)
    assert module.m_step(data, gamma, multipliers=np.array([1.0, 1, 5])).locations.tolist() == [3, 3]


def test_logarithms_of_data_have_medians() -> None:
    lengths = Data("r", n, domain=Positive)
    _, module = built(mixture(-log(b[k]) - absolute(m[k] - log(lengths[n])) / b[k]))
    data = np.array([1.0, 20, 3])
    assert module.m_step(data, np.full((3, 2), 0.5)).locations == pytest.approx(np.log(3))


@pytest.mark.parametrize(
    ("density", "words"),
    [
        (-(absolute(x[n] - m[k]) ** 2), "inside of another function"),
        (-exp(absolute(x[n] - m[k])), "inside of another function|beside|one sum"),
        (absolute(x[n] - m[k]), "concave at its kinks"),
        (-absolute(x[n] - 2 * m[k]), "another factor than one"),
        (-absolute(x[n] - m[k] ** 2), "inside of another function"),
        (-absolute(x[n] - m[k]) - absolute(m[k]), "beside another kink"),
        (-absolute(x[n] - m[k]) - m[k] ** 2, "beside other terms"),
        (-absolute(x[n] - m[k]) + 2 * (x[n] - m[k]), "between zero and one"),
        (-absolute(x[n] - m[k]) * m[k], "one sum|beside|inside"),
    ],
)
def test_what_is_refused_and_why(density: Expr, words: str) -> None:
    with pytest.raises(NoClosedFormError, match=words):
        derive_em(mixture(density))


def test_a_median_of_data_of_any_sign_is_no_answer_on_a_half_line() -> None:
    bounded = Parameter("m", k, domain=NonNegative, code="locations")
    with pytest.raises(NoClosedFormError, match="sign is not shown to be positive"):
        derive_em(mixture(-absolute(x[n] - bounded[k])))


def step_of(derivation: Derivation, rule: str) -> Step:
    return next(step for step in derivation.steps if step.rule == rule)


def test_planted_solutions_are_refused(laplace: tuple[Derivation, GeneratedModule]) -> None:
    derivation, certifier = laplace[0], Certifier((n.size, k.size))
    step = step_of(derivation, "attained")
    median = step.right
    assert isinstance(median, Quantile)
    assert certifier.certify(step, derivation.step).certificate
    gamma = derivation.responsibilities.target
    index = median.index
    mean = Sum(index, gamma * x[n]) / Sum(index, gamma)
    upper = replace(median, level=Number(Fraction(2, 3)))
    plain = replace(median, weight=1 + 0 * gamma)
    for wrong in (mean, upper, plain, median.value, median + 1, replace(median, value=-median.value)):
        with pytest.raises(StepRefusedError):
            certifier.certify(replace(step, right=wrong), derivation.step)


def test_what_a_wrong_value_gains_is_refused(laplace: tuple[Derivation, GeneratedModule]) -> None:
    """The whole argument is rewritten for the wrong value; the identity or the sign then fails."""
    derivation, certifier = laplace[0], Certifier((n.size, k.size))
    gain = step_of(derivation, "gain")
    gamma = derivation.responsibilities.target
    star = next(part for part in parts(gain.left) if isinstance(part, At)).value
    assert isinstance(star, Named)
    median = star.definition
    assert isinstance(median, Quantile)
    for wrong in (
        Sum(median.index, gamma * x[n]) / Sum(median.index, gamma),
        replace(median, weight=1 + 0 * gamma),
        replace(median, value=2 * median.value),
    ):
        planted = replace(gain, left=exchanged(gain.left, star, wrong))
        with pytest.raises(StepRefusedError):
            certifier.certify(planted, derivation.step)


def parts(expr: Expr) -> list[Expr]:
    return [expr, *(part for child in expr.children for part in parts(child))]


def exchanged(expr: Expr, old: Expr, new: Expr) -> Expr:
    return new if expr == old else expr.map(lambda child: exchanged(child, old, new))


def test_levels_outside_of_the_interval_have_no_sign() -> None:
    derivation = derive_em(mixture(LAPLACE))
    bound = step_of(derivation, "at-least-zero")
    certifier = Certifier((n.size, k.size))
    star = next(part for part in parts(bound.left) if isinstance(part, Named))
    assert isinstance(star.definition, Quantile)
    beyond = Named(star.name, star.latex, replace(star.definition, level=Number(Fraction(3, 2))))
    with pytest.raises(StepRefusedError):
        certifier.certify(replace(bound, left=exchanged(bound.left, star, beyond)), derivation.step)


def test_derivations_survive_json(laplace: tuple[Derivation, GeneratedModule]) -> None:
    assert from_json(to_json(laplace[0])) == laplace[0]


def test_a_mean_in_place_of_the_median_is_found_out(laplace: tuple[Derivation, GeneratedModule]) -> None:
    derivation, module = laplace
    setting = Setting(derivation, module)

    def of_means(X: Array, responsibilities: Array, previous: object = None) -> object:
        counts = responsibilities.sum(axis=0)
        means = responsibilities.T @ X / counts
        scales = (responsibilities * np.abs(X[:, np.newaxis] - means)).sum(axis=0) / counts
        return module.Parameters(weights=counts / len(X), locations=means, scales=scales)

    trial = try_m_step(setting, InProcess(of_means))
    assert trial.verdict is Verdict.lowers
    assert try_m_step(setting, InProcess(module.m_step)).verdict is Verdict.maximises
