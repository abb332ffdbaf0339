"""A sign constraint that binds: the update is the best point of the interval, and a certificate refuses any other."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from derive.checking.submitted.problem import Setting
from derive.checking.submitted.process import InProcess
from derive.checking.submitted.trial import Verdict, try_m_step
from derive.checking.verify import verify
from derive.em import derive_em
from derive.errors import NoClosedFormError, StepRefusedError
from derive.language import (
    PI,
    AtLeast,
    Count,
    Data,
    Dimension,
    Expr,
    Known,
    NonNegative,
    Parameter,
    Positive,
    UnitInterval,
    exp,
    log,
    sum_over,
)
from derive.language.expr import Number
from derive.language.larger import Larger, larger
from derive.models.mixture import Mixture
from derive.proof.certify import Certifier
from derive.proof.codec import from_json, to_json
from derive.proof.derivation import Derivation
from derive.proof.step import Active, Step
from tests.em.boundary import best_on_a_grid, built, d, k, mixture, n, responsibilities, table, x
from tests.language.floats import Array

s2 = Parameter("s2", k, domain=Positive, code="variances")
m = Known("m", k, domain=Positive)
DOMAINS = {
    "half line": (NonNegative(), 0.0, 9.0),
    "interval": (UnitInterval(), 0.0, 1.0),
    "from one": (AtLeast(1), 1.0, 9.0),
}
ZERO = Number(Fraction(0))


def location(domain: object) -> Expr:
    return Parameter("mu", k, domain=domain, code="means")  # type: ignore[arg-type, return-value]


def gaussian(domain: object) -> Mixture:
    mu = Parameter("mu", k, domain=domain, code="means")  # type: ignore[arg-type]
    return mixture(-log(2 * PI * s2[k]) / 2 - (x[n] - mu[k]) ** 2 / (2 * s2[k]))


@pytest.mark.parametrize("name", DOMAINS)
def test_the_update_is_the_best_point_of_the_interval(name: str) -> None:
    domain, low, high = DOMAINS[name]
    derivation, module = built(gaussian(domain))
    update = next(u for u in derivation.updates if u.target.family.name == "mu")
    assert update.kind == "boundary"
    rng = np.random.default_rng(3)
    clipped = set()
    for draw in range(6):
        X, gamma = rng.normal(0.5, 1.5, size=11) * (1 if draw % 2 else 0.3), responsibilities(rng, 11, 4)
        found = module.m_step(X, gamma)
        for j in range(4):

            def q(mu: np.ndarray, j: int = j, X: np.ndarray = X, gamma: np.ndarray = gamma) -> np.ndarray:
                return np.asarray(-(gamma[:, j, np.newaxis] * (X[:, np.newaxis] - mu) ** 2).sum(axis=0))

            best = best_on_a_grid(q, low, high)
            assert found.means[j] == pytest.approx(best, abs=1e-6)
            clipped.add(found.means[j] in (low, high))
            about = (gamma[:, j] * (X - found.means[j]) ** 2).sum() / gamma[:, j].sum()
            assert found.variances[j] == pytest.approx(about)
    assert clipped == {True, False}


@pytest.mark.parametrize("name", DOMAINS)
def test_models_with_an_end_that_binds_verify(name: str) -> None:
    verification = verify(gaussian(DOMAINS[name][0]))
    assert verification.passed, [check for check in verification.checks if not check.passed]


def test_entries_that_separate_are_bounded_one_by_one() -> None:
    mu = Parameter("mu", k, d, domain=NonNegative, code="means")
    spread = Parameter("s2", k, d, domain=Positive, code="variances")
    model = mixture(-sum_over(d, log(spread[k, d]) / 2 + (table[n, d] - mu[k, d]) ** 2 / (2 * spread[k, d])))
    _, module = built(model)
    rng = np.random.default_rng(1)
    X, gamma = rng.normal(size=(13, 3)), responsibilities(rng, 13, 2)
    found, means = module.m_step(X, gamma), gamma.T @ X / gamma.sum(axis=0)[:, np.newaxis]
    assert len(set((means < 0).flat)) == 2
    assert np.allclose(found.means, np.maximum(0, means))


def test_a_shared_mean_is_bounded_too() -> None:
    mu = Parameter("mu", domain=NonNegative, code="mean")
    _, module = built(mixture(-log(s2[k]) / 2 - (x[n] - mu) ** 2 / (2 * s2[k])))
    X = -np.arange(1.0, 8.0)
    found = module.m_step(X, responsibilities(np.random.default_rng(0), 7, 3))
    assert found.mean == 0


def test_where_the_sign_is_proved_nothing_is_clipped() -> None:
    lengths, mu = Data("r", n, domain=NonNegative), Parameter("mu", k, domain=NonNegative, code="means")
    derivation = derive_em(mixture(-((lengths[n] - mu[k]) ** 2)))
    assert not any(update.value.contains(lambda e: isinstance(e, Larger)) for update in derivation.updates)


def test_entries_that_do_not_separate_are_refused() -> None:
    e = d.renamed(frozenset((d, n, k)))
    mu = Parameter("mu", k, d, domain=NonNegative, code="means")
    total = sum_over(e, table[n, e] - mu[k, e])
    with pytest.raises(NoClosedFormError, match="quadratic programme"):
        derive_em(mixture(-sum_over(d, (table[n, d] - mu[k, d]) ** 2) - total**2))


def test_an_open_half_line_is_refused_and_the_closed_one_named() -> None:
    with pytest.raises(NoClosedFormError, match=r"which domain=NonNegative lets mu_k take"):
        derive_em(gaussian(Positive()))


@pytest.mark.parametrize(
    ("density", "words"),
    [
        (lambda mu: x[n] * mu - exp(mu), "end"),
        (lambda mu: -((x[n] - mu) ** 4), "end|linear|root"),
        (lambda mu: (x[n] - mu) ** 2, "from plus to minus"),
    ],
)
def test_what_is_no_parabola_is_refused(density: object, words: str) -> None:
    mu = Parameter("mu", k, domain=NonNegative, code="means")
    with pytest.raises(NoClosedFormError, match=words):
        derive_em(mixture(density(mu[k])))  # type: ignore[operator]


def test_whole_numbers_are_refused() -> None:
    with pytest.raises(NoClosedFormError, match="whole numbers"):
        derive_em(gaussian(Count()))


@pytest.fixture(scope="module")
def derivation() -> Derivation:
    return derive_em(gaussian(NonNegative()))


def complementary(derivation: Derivation) -> Step:
    return next(step for step in derivation.steps if step.rule == "complementary-slackness")


def test_the_step_is_certified_and_survives_json(derivation: Derivation) -> None:
    step = complementary(derivation)
    certifier = Certifier((n.size, k.size))
    assert certifier.certify(step, derivation.step).certificate
    assert from_json(to_json(derivation)) == derivation


def test_planted_solutions_are_refused(derivation: Derivation) -> None:
    step, certifier = complementary(derivation), Certifier((n.size, k.size))
    assert isinstance(step.right, Larger)
    assert isinstance(step.move, Active)
    (constraint,) = step.move.constraints
    stationary = step.right.second
    other = replace(constraint, value=-constraint.value)
    planted = [
        replace(step, right=stationary),
        replace(step, right=larger(ZERO, -stationary)),
        replace(step, right=larger(ZERO, 2 * stationary)),
        replace(step, right=larger(1, stationary)),
        replace(step, right=ZERO),
        replace(step, move=Active(())),
        replace(step, move=Active((other,))),
        replace(step, move=Active((replace(constraint, value=ZERO),))),
        replace(step, move=Active((replace(constraint, slack=constraint.slack - 1),))),
        replace(step, move=Active((replace(constraint, slack=-constraint.slack),))),
        replace(step, move=Active((replace(constraint, multiplier=step.left),))),
    ]
    for wrong in planted:
        with pytest.raises(StepRefusedError):
            certifier.certify(wrong, derivation.step)


def test_the_dimension_of_a_vector_is_not_a_half_line() -> None:
    with pytest.raises(Exception, match="scalars"):
        Parameter("mu", k, shape=Dimension("D"), domain=NonNegative)


def test_submitted_means_are_judged() -> None:
    derivation, module = built(gaussian(NonNegative()))
    setting = Setting(derivation, module)

    def mirrored(X: Array, responsibilities: Array, previous: object = None) -> object:
        counts = responsibilities.sum(axis=0)
        means = np.abs(responsibilities.T @ X / counts)
        squares = (X[:, np.newaxis] - means) ** 2
        variances = (responsibilities * squares).sum(axis=0) / counts
        return module.Parameters(weights=counts / len(X), means=means, variances=variances)

    trial = try_m_step(setting, InProcess(mirrored))
    assert trial.verdict is Verdict.lowers
    assert try_m_step(setting, InProcess(module.m_step)).verdict is Verdict.maximises


variances = Parameter("s2", k, domain=AtLeast(Known("floor", domain=Positive)))
LOCATION = Parameter("mu", k, code="means")
FLOORED = -log(2 * PI * variances[k]) / 2 - (x[n] - LOCATION[k]) ** 2 / (2 * variances[k])


def test_a_variance_has_a_floor() -> None:
    """Q is not concave in a variance; it has one peak."""
    derivation, module = built(mixture(FLOORED))
    assert any(step.rule == "single-peak" for step in derivation.steps)
    rng = np.random.default_rng(7)
    X, gamma = rng.normal(0.5, 1, size=11), responsibilities(rng, 11, 4)
    lowest = 0.5
    found = module.m_step(X, gamma, floor=np.array(lowest))
    for j in range(4):
        squares = gamma[:, j] @ (X - found.means[j]) ** 2

        def q(s2: Array, squares: float = float(squares), count: float = float(gamma[:, j].sum())) -> Array:
            return np.asarray(-count * np.log(s2) / 2 - squares / (2 * s2))

        assert found.s2[j] == pytest.approx(best_on_a_grid(q, lowest, 20.0), rel=1e-6)
    assert len(set(found.s2 == lowest)) == 2


def test_a_model_with_a_floor_verifies() -> None:
    verification = verify(mixture(FLOORED))
    assert verification.passed, [check for check in verification.checks if not check.passed]
