"""Known labels and groups: against closed forms, plain EM, and a blind maximisation of their likelihood by SciPy."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax
from scipy.stats import norm

import derive
from derive.datasets import load_faithful
from derive.errors import FitError, InputError
from derive.runtime.em import fit
from derive.runtime.latent import observed
from derive.runtime.modes import HARD, SOFT, Mode, annealed
from derive.runtime.problem import Problem
from derive.runtime.protocol import GeneratedModule
from tests.runtime.fakes import EXPONENTIAL, FULL, SHIFTED, SPHERICAL, Fake

Array = np.ndarray[Any, Any]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(23)


@pytest.fixture(scope="module")
def gaussian_1d() -> GeneratedModule:
    return derive.load("gaussian-1d").module()


def _best(objective: Callable[[Array], float], starts: Array) -> float:
    """The largest value that a blind search from several starts finds."""

    def cost(v: Array) -> float:
        return -objective(v)

    return max(-float(minimize(cost, start, method="BFGS", options={"gtol": 1e-8}).fun) for start in starts)


def test_rows_that_are_all_labelled_give_the_estimates_of_each_class(rng: np.random.Generator) -> None:
    X, labels = rng.normal(size=(50, 3)), rng.choice(4, size=50, p=[0.1, 0.2, 0.3, 0.4])
    X += 3 * labels[:, None]
    result = fit(FULL, X, 4, labels=labels)
    assert result.objective == "log-likelihood of data and labels"
    for k in range(4):
        np.testing.assert_allclose(result.parameters.means[k], X[labels == k].mean(axis=0))
        np.testing.assert_allclose(result.parameters.covariances[k], np.cov(X[labels == k].T, ddof=0))
        assert result.parameters.weights[k] == pytest.approx((labels == k).mean())
    expected = FULL.log_joint(X, result.parameters)[range(50), labels].sum()
    assert result.log_likelihood == pytest.approx(expected, rel=1e-13)


def _exponentials(v: Array, x: Array) -> Array:
    """Log joint, K = 2, free coordinates."""
    return np.asarray(np.log(softmax([v[0], 0.0])) + v[1:] - np.exp(v[1:]) * x[:, None])


def test_some_labels_against_blind_maximisation(rng: np.random.Generator) -> None:
    x = np.concatenate([rng.exponential(1, 30), rng.exponential(6, 50)])
    labels = np.full(80, -1)
    labels[[3, 4, 9, 40, 41, 66]] = [1, 1, 1, 0, 0, 0]  # against the order that k-means would find
    told = labels >= 0

    def objective(v: Array) -> float:
        joint = _exponentials(v, x)
        return float(joint[told, labels[told]].sum() + logsumexp(joint[~told], axis=1).sum())

    result = fit(EXPONENTIAL, x, 2, labels=labels, tol=1e-13, max_iter=5000)
    assert result.value == pytest.approx(_best(objective, rng.normal(size=(6, 3))), rel=1e-9)
    responsibilities = observed_problem(EXPONENTIAL, x, labels=labels).e_step(result.parameters)[0]
    np.testing.assert_array_equal(responsibilities[told], np.eye(2)[labels[told]])


def observed_problem(module: Any, X: Array, mode: Mode = SOFT, **what: Any) -> Problem:
    return Problem(module, X, {}, observed(len(X), 2, what.get("labels"), what.get("groups")), mode)


def test_labels_name_the_components() -> None:
    """A few labels, and the components come out in their order, whichever it is."""
    X = load_faithful()
    short, long = int(np.argmin(X[:, 0])), int(np.argmax(X[:, 0]))
    for first, second in ((short, long), (long, short)):
        labels = np.full(len(X), -1)
        labels[first], labels[second] = 0, 1
        means = fit(FULL, X, 2, labels=labels).parameters.means[:, 0]
        assert (means[0] < means[1]) == (first == short)


def test_components_without_labels_find_their_own_points(rng: np.random.Generator) -> None:
    X = np.concatenate([rng.normal(size=(40, 2)) + np.array([c, 0]) for c in (0, 12, 24)])
    labels = np.full(120, -1)
    labels[45:50] = 2
    result = fit(SPHERICAL, X, 3, labels=labels)
    assert result.parameters.means[2, 0] == pytest.approx(12, abs=1)
    np.testing.assert_allclose(np.sort(result.parameters.means[:, 0]), [0, 12, 24], atol=1)


def test_no_label_is_no_labels() -> None:
    X = load_faithful()
    plain, told = fit(FULL, X, 2, n_init=2), fit(FULL, X, 2, n_init=2, labels=np.full(272, -1))
    assert told.history == plain.history
    assert told.objective == "log-likelihood"


@pytest.mark.parametrize("fake", [FULL, SPHERICAL])
@pytest.mark.parametrize("mode", ["soft", "hard", "annealed"])
def test_groups_of_one_row_change_nothing(fake: Fake, mode: str) -> None:
    X = load_faithful()
    plain = fit(fake, X, 3, n_init=2, mode=mode)
    alone = fit(fake, X, 3, n_init=2, mode=mode, groups=[f"{i:03}" for i in range(272)])
    assert alone.value == pytest.approx(plain.value, rel=1e-9)
    assert alone.bic == (None if plain.bic is None else pytest.approx(plain.bic))


def test_the_order_of_groups_does_not_matter(rng: np.random.Generator) -> None:
    X, start = load_faithful(), rng.dirichlet(np.ones(2), size=272)
    order = rng.permutation(272)
    plain, named = observed_problem(FULL, X), observed_problem(FULL, X, groups=order)
    first = plain.m_step(start)
    for a, b in zip(first, named.m_step(start[np.argsort(order)]), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)
    assert named.e_step(first)[1] == pytest.approx(plain.e_step(first)[1], rel=1e-13)


def _grouped(rng: np.random.Generator, sizes: list[int]) -> tuple[Array, Array]:
    """Names of groups in mixed order, and the component of each row."""
    names = rng.permutation(len(sizes)) * 10
    component = rng.permutation(np.arange(len(sizes)) % 2)
    order = rng.permutation(sum(sizes))
    return np.repeat(names, sizes)[order], np.repeat(component, sizes)[order]


def test_groups_against_blind_maximisation(rng: np.random.Generator) -> None:
    groups, component = _grouped(rng, [1, 2, 7, 3, 1, 5, 1, 2, 4, 6, 1])
    x = rng.exponential(np.where(component == 0, 1.0, 5.0))

    def objective(v: Array) -> float:
        joint = _exponentials(v, x) - np.log(softmax([v[0], 0.0]))
        sums = np.stack([joint[groups == g].sum(axis=0) for g in np.unique(groups)])
        return float(logsumexp(sums + np.log(softmax([v[0], 0.0])), axis=1).sum())

    result = fit(EXPONENTIAL, x, 2, groups=groups, tol=1e-13, max_iter=5000)
    assert result.value == pytest.approx(_best(objective, rng.normal(size=(6, 3))), rel=1e-9)
    assert result.bic == pytest.approx(-2 * result.value + 3 * np.log(11))


def test_groups_of_a_generated_module(rng: np.random.Generator, gaussian_1d: GeneratedModule) -> None:
    groups, component = _grouped(rng, [4, 1, 6, 2, 3, 5, 2, 9])
    x = rng.normal(2.0 * component, np.where(component == 0, 1.0, 0.5))

    def objective(v: Array) -> float:
        density = np.asarray(norm.logpdf(x[:, None], v[1:3], np.exp(v[3:])))
        sums = np.stack([density[groups == g].sum(axis=0) for g in np.unique(groups)])
        return float(logsumexp(sums + np.log(softmax([v[0], 0.0])), axis=1).sum())

    result = fit(gaussian_1d, x, 2, groups=groups, tol=1e-13, max_iter=5000, n_init=10)
    start = np.array([0.0, *result.parameters.means, *np.log(result.parameters.variances) / 2])
    assert result.value == pytest.approx(_best(objective, start + rng.normal(size=(5, 5)) / 5), rel=1e-9)


def test_a_label_is_one_for_its_group(rng: np.random.Generator) -> None:
    groups = np.array(["a", "b", "a", "c", "b", "d", "d"])
    labels = np.array([-1, -1, 1, -1, 0, -1, -1])
    problem = observed_problem(EXPONENTIAL, rng.exponential(size=7), labels=labels, groups=groups)
    parameters = problem.m_step(rng.dirichlet(np.ones(2), size=4))
    responsibilities, _ = problem.e_step(parameters)
    np.testing.assert_array_equal(responsibilities[:2], [[0, 1], [1, 0]])
    assert ((responsibilities[2:] > 0) & (responsibilities[2:] < 1)).all()


@pytest.mark.parametrize("mode", [SOFT, HARD, annealed(2.0), annealed(0.5)], ids=lambda mode: mode.objective)
@pytest.mark.parametrize("seed", range(3))
def test_what_is_known_of_labels_never_lowers_the_objective(mode: Mode, seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups, component = _grouped(rng, [3, 5, 2, 8, 9, 1, 4, 12, 7, 6])
    X = rng.normal(size=(len(groups), 2)) + 2 * component[:, None]
    labels = np.where(groups <= 20, component, -1)
    problem = observed_problem(FULL, X, mode, labels=labels, groups=groups)
    parameters = problem.m_step(rng.dirichlet([4.0, 4.0], size=10))
    values = []
    for _ in range(20):
        parameters, value = problem.step(parameters)
        values.append(value)
    assert (np.diff(values) >= -1e-10 * np.abs(values[:-1])).all()


def test_known_constants_of_each_row_go_with_their_rows(rng: np.random.Generator) -> None:
    """The row of a group that stands for it brings its own known constants."""

    def density(X: Array, rates: Array, *, exposures: Array) -> Array:
        return np.asarray(np.log(rates * exposures[:, None]) - rates * (exposures * X)[:, None])

    def estimate(X: Array, responsibilities: Array, counts: Array, *, exposures: Array) -> tuple[Array]:
        return (counts / ((X * exposures) @ responsibilities),)

    shapes = SHIFTED.PARAMETER_SHAPES
    module = Fake("exposed", (), shapes, SHIFTED.Parameters, density, estimate, SHIFTED.count, {"exposures": ("N",)})
    groups, component = _grouped(rng, [3, 5, 2, 8, 9, 1, 4])
    exposures = rng.uniform(0.5, 2, size=len(groups))
    x = rng.exponential(np.where(component == 0, 1, 20)) / exposures
    result = fit(module, x, 2, groups=groups, knowns={"exposures": exposures})
    scaled = fit(EXPONENTIAL, x * exposures, 2, groups=groups)
    assert result.value == pytest.approx(scaled.value + np.log(exposures).sum(), rel=1e-6)


_SIX: dict[str, tuple[dict[str, Any], str]] = {
    "too large": ({"labels": [0, 1, 2, 0, 1, -1]}, r"row 3 has the label 2; with K = 2 components labels are 0 to 1"),
    "negative": ({"labels": [0, 1, -2, 0, 1, -1]}, r"row 3 has the label -2"),
    "short": ({"labels": [0, 1]}, r"labels should have shape \(6,\), one for each row, but have \(2,\)"),
    "table": ({"labels": np.zeros((6, 1), int)}, r"labels should have shape \(6,\)"),
    "text": ({"labels": ["a"] * 6}, "labels should be integers"),
    "half": ({"labels": [0.5] * 6}, "labels should be integers"),
    "NaN": ({"labels": [np.nan] * 6}, "labels should be integers"),
    "short groups": ({"groups": [0, 1]}, r"groups should have shape \(6,\)"),
    "NaN groups": ({"groups": [0, 1, np.nan, 2, 3, 4]}, r"row 3 has no group \(NaN\)"),
    "one group": ({"groups": ["a"] * 6}, "K = 2 components for 1 groups"),
    "two labels": (
        {"groups": list("abcabc"), "labels": [-1, 0, -1, 1, 1, -1]},
        "group b has two labels: 0 in row 2, 1 in row 5",
    ),
}


@pytest.mark.parametrize("case", _SIX)
def test_what_cannot_be_known_is_refused(case: str) -> None:
    what, message = _SIX[case]
    with pytest.raises(InputError, match=message):
        fit(EXPONENTIAL, np.arange(1.0, 7.0), 2, **what)


def test_a_label_that_cannot_be_is_named() -> None:
    def density(X: Array, rates: Array) -> Array:
        beyond = np.array([-np.inf, 0.0])  # the first component has no points above 5
        return np.asarray(np.where(X[:, None] > 5, beyond, 0.0) + np.log(rates) - rates * X[:, None])

    module = Fake(
        "bounded",
        (),
        EXPONENTIAL.PARAMETER_SHAPES,
        EXPONENTIAL.Parameters,
        density,
        EXPONENTIAL.estimate,
        EXPONENTIAL.count,
    )
    with pytest.raises(FitError, match="row 6 has density 0 in component 0, its label"):
        fit(module, np.arange(1.0, 9.0), 2, labels=[-1, -1, -1, -1, -1, 0, -1, 1])


def test_a_module_that_does_not_name_its_weights_has_no_groups() -> None:
    class Old:
        def __getattr__(self, name: str) -> Any:
            if name == "WEIGHTS":
                raise AttributeError(name)
            return getattr(EXPONENTIAL, name)

    old: Any = Old()
    with pytest.raises(InputError, match="run: derive generate exponential"):
        fit(old, np.arange(1.0, 7.0), 2, groups=list("aabbcc"))


@dataclass(frozen=True)
class _WithPrior(Fake):
    """A fake with a log prior; its M-step does not matter here."""

    prior: Callable[[Any], float] = lambda _: 0.0

    def log_prior(self, parameters: Any) -> float:
        return self.prior(parameters)


def _with_prior(prior: Callable[[Any], float]) -> Any:
    fields = {name: getattr(EXPONENTIAL, name) for name in EXPONENTIAL.__dataclass_fields__}
    return _WithPrior(**fields, prior=prior)


def test_a_prior_that_ties_the_weights_has_no_groups(rng: np.random.Generator) -> None:
    x, groups = rng.exponential(size=12), list("aabbccddeeff")
    tied = _with_prior(lambda p: float((np.log(p.weights) * p.rates).sum()))
    with pytest.raises(InputError, match="the prior of exponential ties weights to another parameter"):
        fit(tied, x, 2, groups=groups)
    apart = _with_prior(lambda p: float(1e-9 * (np.log(p.weights) - p.rates).sum()))
    assert fit(apart, x, 2, groups=groups).objective == "log-likelihood plus log prior"
