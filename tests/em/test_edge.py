"""A support that ends at a parameter: the update is the end that just holds what carries weight."""

from dataclasses import replace

import numpy as np
import pytest

from derive.checking.submitted.problem import Setting
from derive.checking.submitted.process import InProcess
from derive.checking.submitted.trial import Verdict, try_m_step
from derive.checking.verify import verify
from derive.em import derive_em
from derive.errors import ModelError, NoClosedFormError, StepRefusedError
from derive.language import (
    Data,
    Expr,
    Family,
    Index,
    Known,
    NonNegative,
    Parameter,
    Positive,
    absolute,
    exp,
    log,
    sum_over,
    support,
)
from derive.language.calculus_nodes import At
from derive.language.reductions import Extreme
from derive.proof.certify import Certifier
from derive.proof.codec import from_json, to_json
from derive.proof.derivation import Derivation
from derive.proof.step import Relation, Step
from tests.em.boundary import best_on_a_grid, built, d, k, mixture, n, responsibilities, table, x
from tests.language.floats import Array

theta = Parameter("theta", k, domain=Positive, code="ends")
start = Parameter("a", k, code="starts")
scale = Parameter("b", k, domain=Positive, code="scales")
lengths = Data("r", n, domain=Positive)
UNIFORM = -log(theta[k]) + support(lengths[n] <= theta[k])
SHIFTED = -log(scale[k]) - (x[n] - start[k]) / scale[k] + support(x[n] >= start[k])
PARETO = log(scale[k]) + scale[k] * log(theta[k]) - (scale[k] + 1) * log(lengths[n]) + support(theta[k] <= lengths[n])
DENSITIES = {"uniform": UNIFORM, "shifted exponential": SHIFTED, "pareto": PARETO}


def log_density(name: str, data: Array, end: Array, other: float) -> Array:
    """Written by hand: of all data (rows) at each end (columns)."""
    z = data[:, np.newaxis]
    if name == "uniform":
        return np.where(z <= end, -np.log(end), -np.inf)
    if name == "pareto":
        return np.where(z >= end, np.log(other) + other * np.log(end) - (other + 1) * np.log(z), -np.inf)
    return np.where(z >= end, -np.log(other) - (z - end) / other, -np.inf)


@pytest.mark.parametrize("name", DENSITIES)
def test_the_update_is_the_best_end(name: str) -> None:
    derivation, module = built(mixture(DENSITIES[name]))
    update = next(u for u in derivation.updates if isinstance(u.value, Extreme))
    assert update.kind == "boundary"
    rng = np.random.default_rng(5)
    for _ in range(3):
        data, gamma = rng.gamma(3.0, size=17), responsibilities(rng, 17, 3)
        gamma[np.argmax(data)] = gamma[np.argmin(data)] = (1, 0, 0)
        found = module.m_step(data, gamma)
        ends = getattr(found, update.target.family.code)
        others = found.scales if hasattr(found, "scales") else np.ones(3)
        for j in range(3):
            held = gamma[:, j] > 0
            weights, inside, other = gamma[held, j, np.newaxis], data[held], float(others[j])

            def q(end: Array, weights: Array = weights, inside: Array = inside, other: float = other) -> Array:
                return np.asarray((weights * log_density(name, inside, end, other)).sum(axis=0))

            assert ends[j] == pytest.approx(best_on_a_grid(q, 1e-6, 20.0), abs=1e-6)
            assert np.isfinite(q(ends[j : j + 1]))
            assert ends[j] in data
        assert ends[1] != ends[0]  # the outermost samples carry no weight in the second component


@pytest.mark.parametrize("name", DENSITIES)
def test_models_with_such_a_support_verify(name: str) -> None:
    verification = verify(mixture(DENSITIES[name]))
    assert verification.passed, [check for check in verification.checks if not check.passed]


def test_hard_responsibilities_and_single_precision() -> None:
    _, module = built(mixture(UNIFORM))
    data = np.array([1.0, 2, 3, 4, 5, 6], dtype=np.float32)
    gamma = np.eye(2, dtype=np.float32)[[0, 1, 0, 1, 0, 0]]
    found = module.m_step(data, gamma)
    assert found.ends.tolist() == [6, 4]
    assert found.ends.dtype == np.float32
    joint = module.log_joint(data, found)
    assert joint.dtype == np.float32
    assert np.isneginf(joint[4:, 1]).all()
    assert np.isfinite(joint[:, 0]).all()


def test_a_row_outside_of_every_support_is_named() -> None:
    _, module = built(mixture(UNIFORM))
    parameters = module.m_step(np.array([1.0, 2, 3]), np.full((3, 2), 0.5))
    inside, outside = np.array([1.0, 2.5]), np.array([1.0, 3.5])
    assert np.isfinite(module.log_likelihood(inside, parameters))
    assert module.log_likelihood(outside, parameters) == -np.inf
    for function in (module.e_step, module.em_step):
        with pytest.raises(ValueError, match="row 1 of X lies outside of the support of every component"):
            function(outside, parameters)
    gamma = module.e_step(inside, module.Parameters(weights=np.array([0.5, 0.5]), ends=np.array([2.0, 3])))
    assert gamma[1].tolist() == [0, 1]


def test_a_component_without_points_has_no_end() -> None:
    _, module = built(mixture(UNIFORM))
    with pytest.raises(ValueError, match="component 1 has no points"):
        module.m_step(np.array([1.0, 2]), np.array([[1.0, 0], [1, 0]]))


def test_an_end_that_all_components_share() -> None:
    shared = Parameter("theta", domain=Positive, code="end")
    rate = Parameter("rate", k, domain=Positive, code="rates")
    truncated = log(rate[k]) - rate[k] * lengths[n] - log(shared) + support(lengths[n] <= shared)
    _, module = built(mixture(truncated))
    data = np.array([1.0, 4, 3])
    assert module.m_step(data, np.full((3, 2), 0.5)).end == 4


def test_the_text_of_the_update_and_its_derivation() -> None:
    derivation = derive_em(mixture(UNIFORM))
    section = next(s for s in derivation.sections if s.parameter is not None and s.parameter.family == theta)
    assert "stays" in section.words
    assert from_json(to_json(derivation)) == derivation


@pytest.mark.parametrize(
    ("density", "words"),
    [
        (support(lengths[n] <= theta[k]), "normalising constant"),
        (log(theta[k]) + support(lengths[n] <= theta[k]), r"rises with theta\[k\] for ever"),
        (-log(theta[k]) + support(theta[k] <= lengths[n]), "no maximum"),
        (-log(theta[k]) + support(lengths[n] <= 2 * theta[k]), "must be theta_k itself"),
        (-log(theta[k]) + support(lengths[n] <= theta[k] + scale[k]), "must be"),
        (UNIFORM + support(lengths[n] ** 2 <= theta[k]), "ends 2 supports"),
        (-log(theta[k]) + exp(support(lengths[n] <= theta[k])), "inside of another function"),
        (-log(theta[k]) * support(lengths[n] <= theta[k]), "support|two|shown|other"),
        (-((theta[k] - 2) ** 2) + support(lengths[n] <= theta[k]), "at the end or inside"),
        (-log(theta[k]) - lengths[n] / 2, "no stationary point: Q rises for ever with falling theta_k"),
        (log(theta[k]) - 3 * log(lengths[n]), r"no stationary point: Q rises for ever with theta_k, .* say so"),
    ],
)
def test_what_is_refused_and_why(density: Expr, words: str) -> None:
    with pytest.raises(NoClosedFormError, match=words):
        derive_em(mixture(density))


def test_coordinates_with_one_end_are_refused() -> None:
    with pytest.raises(NoClosedFormError, match="run over 2 plates"):
        derive_em(mixture(-sum_over(d, log(theta[k]) - support(table[n, d] <= theta[k]))))


def test_an_end_for_each_coordinate() -> None:
    ends = Parameter("theta", k, d, domain=Positive, code="ends")
    values = Data("x", n, d, domain=Positive)
    _, module = built(mixture(sum_over(d, -log(ends[k, d]) + support(values[n, d] <= ends[k, d]))))
    rng = np.random.default_rng(2)
    data, gamma = rng.gamma(2.0, size=(9, 4)), responsibilities(rng, 9, 2)
    expected = [[data[gamma[:, j] > 0, i].max() for i in range(4)] for j in range(2)]
    assert module.m_step(data, gamma).ends.tolist() == expected


@pytest.mark.parametrize(
    "condition",
    [lambda: support(x[n] < start[k]), lambda: support(x[n] > start[k]), lambda: support(True),
     lambda: 0 <= x[n] <= start[k], lambda: support(Known("v", shape=None)), lambda: bool(x[n] <= 1)],
)  # fmt: skip
def test_conditions_that_make_no_sense(condition: object) -> None:
    with pytest.raises(ModelError, match=r"support|compared"):
        condition()  # type: ignore[operator]


def test_known_ends_need_no_update() -> None:
    t = Known("t", n, domain=NonNegative)
    derivation = derive_em(mixture(-lengths[n] / scale[k] - log(scale[k]) + support(lengths[n] <= t[n])))
    assert {update.target.family.name for update in derivation.updates} == {"pi", "b"}


@pytest.fixture(scope="module")
def derivation() -> Derivation:
    return derive_em(mixture(UNIFORM))


def _step(derivation: Derivation, rule: str) -> Step:
    return next(step for step in derivation.steps if step.rule == rule)


def test_planted_ends_are_refused(derivation: Derivation) -> None:
    step, certifier = _step(derivation, "end-of-support"), Certifier((n.size, k.size))
    end = step.right
    assert isinstance(end, Extreme)
    assert certifier.certify(step, derivation.step).certificate
    gamma = derivation.responsibilities.target
    planted = [
        replace(step, right=replace(end, largest=False)),
        replace(step, right=replace(end, weight=1 + 0 * gamma)),
        replace(step, right=replace(end, weight=-gamma)),
        replace(step, right=replace(end, value=2 * end.value)),
        replace(step, right=2 * end),
        replace(step, right=end.value),
        replace(step, relation=Relation.EQUIVALENT, premise=step.number - 1),
    ]
    for wrong in planted:
        with pytest.raises(StepRefusedError):
            certifier.certify(wrong, derivation.step)


def test_a_barrier_that_is_left_out_is_refused(derivation: Derivation) -> None:
    apart, certifier = _step(derivation, "take-apart"), Certifier((n.size, k.size))
    finite = _step(derivation, "finite-part").right
    with pytest.raises(StepRefusedError):
        certifier.certify(replace(apart, right=finite), derivation.step)


def test_the_solution_put_back_must_hold_every_sample(derivation: Derivation) -> None:
    solution, certifier = _step(derivation, "solution"), Certifier((n.size, k.size))
    assert isinstance(solution.left, At)
    end = solution.left.value
    assert isinstance(end, Extreme)
    for wrong in (replace(end, largest=False), end - 1, end / 2):
        planted = replace(solution, left=replace(solution.left, value=wrong))
        with pytest.raises(StepRefusedError):
            certifier.certify(planted, derivation.step)


def test_kinks_inside_a_support_are_refused() -> None:
    with pytest.raises(NoClosedFormError):
        derive_em(mixture(-log(theta[k]) + support(absolute(x[n] - theta[k]) <= 1)))


def test_families_can_be_compared_without_indices() -> None:
    end: Family = Parameter("t", domain=Positive)
    j = Index("j", "J")
    assert str(support(end <= 2)) == "support(t <= 2)"
    assert str(support(Known("v", j)[j] >= end)) == "support(t <= v_j)"


low, high = Parameter("a", k, code="lower"), Parameter("b", k, code="upper")
INTERVAL = -log(high[k] - low[k]) + support(low[k] <= x[n]) + support(x[n] <= high[k])


def test_both_ends_of_an_interval() -> None:
    derivation, module = built(mixture(INTERVAL))
    rng = np.random.default_rng(6)
    data, gamma = rng.normal(size=12), responsibilities(rng, 12, 3)
    found = module.m_step(data, gamma)
    for j in range(3):
        held = data[gamma[:, j] > 0]
        assert (found.lower[j], found.upper[j]) == (held.min(), held.max())
    inside = (data[:, np.newaxis] >= found.lower) & (data[:, np.newaxis] <= found.upper)
    with np.errstate(divide="ignore"):
        expected = np.log(np.where(inside, found.weights / (found.upper - found.lower), 0))
    assert np.allclose(module.log_joint(data, found), expected)
    assert from_json(to_json(derivation)) == derivation
    verification = verify(mixture(INTERVAL))
    assert verification.passed, [check for check in verification.checks if not check.passed]


def test_a_difference_of_numbers_that_bound_nothing_has_no_sign() -> None:
    with pytest.raises(ModelError, match="not known to be positive"):
        derive_em(mixture(-log(high[k] - low[k]) + support(low[k] <= x[n])))
    with pytest.raises(ModelError, match="not known to be positive"):
        derive_em(mixture(-log(low[k] - high[k]) + support(low[k] <= x[n]) + support(x[n] <= high[k])))


def test_submitted_ends_are_judged() -> None:
    derivation, module = built(mixture(UNIFORM))
    setting = Setting(derivation, module)

    def beyond(X: Array, responsibilities: Array, previous: object = None) -> object:
        counts = responsibilities.sum(axis=0)
        return module.Parameters(weights=counts / len(X), ends=np.full(counts.shape, 1.01 * X.max()))

    assert try_m_step(setting, InProcess(beyond)).verdict is Verdict.lowers
    assert try_m_step(setting, InProcess(module.m_step)).verdict is Verdict.maximises
