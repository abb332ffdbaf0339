"""Negative binomial: the probability is eliminated, and the size is a root that a theorem about counts makes unique."""

from itertools import pairwise

import mpmath
import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize_scalar

from derive.em import derive_em
from derive.errors import StepRefusedError
from derive.language import (
    Count,
    Data,
    Expr,
    Index,
    Known,
    NonNegative,
    Parameter,
    Positive,
    Probability,
    Simplex,
    log,
    loggamma,
)
from derive.language.calculus_nodes import Derivative
from derive.language.domain import Domain
from derive.language.expr import as_expr
from derive.language.family import Symbol
from derive.language.root_of import RootOf
from derive.models.mixture import Mixture
from derive.proof.certify import Certifier
from derive.proof.crossing import THEOREMS
from derive.proof.step import Crosses, Relation, Step
from tests.catalogue.example import derivation, module

n, k = Index("n", "N"), Index("k", "K")
x, r = Data("x", n, domain=Count), Parameter("r", k, domain=Positive)
p, pi = Parameter("p", k, domain=Probability), Parameter("pi", k, domain=Simplex)
CERTIFIER = Certifier((n.size, k.size))


def problem() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    return rng.negative_binomial(1.7, 0.3, 43).astype(float), rng.dirichlet([0.5, 2.0, 1.0], 43)


def test_the_sizes_are_those_of_a_blind_search_over_both_parameters() -> None:
    X, shares = problem()
    found = module("negative-binomial").m_step(X, shares)
    for k in range(3):
        mean = shares[:, k] @ X / shares[:, k].sum()

        def best(log_r: float, k: int = k, mean: float = mean) -> float:
            r = np.exp(log_r)
            return -float(np.sum(shares[:, k] * stats.nbinom.logpmf(X, r, r / (r + mean))))

        size = minimize_scalar(best, bounds=(-6, 8), method="bounded", options={"xatol": 1e-10})
        assert np.log(found.sizes[k]) == pytest.approx(size.x, abs=1e-6)
        assert found.probabilities[k] == pytest.approx(found.sizes[k] / (found.sizes[k] + mean), rel=1e-12)


def test_the_derivation_rests_on_a_theorem_about_counts() -> None:
    made = derivation("negative-binomial")
    assert {update.argument for update in made.updates} == {"concave", "profile"}
    assert [step.source for step in made.steps if step.rule == "equation" and "for counts" in step.words] == [
        "levin1977"
    ]


@pytest.mark.parametrize("domain", [NonNegative, Positive])
def test_without_counts_nothing_is_said_of_both_together(domain: type[Domain]) -> None:
    x = Data("x", n, domain=domain)
    density = loggamma(x[n] + r[k]) - loggamma(r[k]) + r[k] * log(p[k]) + x[n] * log(1 - p[k])
    made = derive_em(Mixture("of-reals", weights=pi, log_density=density))
    assert not any(isinstance(step.move, Crosses) for step in made.steps)


def test_without_previous_values_it_starts_inside_of_the_domain() -> None:
    X, shares = problem()
    found = module("negative-binomial").m_step(X, shares)
    assert (found.sizes > 0).all()
    assert ((found.probabilities > 0) & (found.probabilities < 1)).all()


def test_where_all_counts_are_zero_there_is_no_size() -> None:
    with pytest.raises(ValueError, match=r"sizes\[0\] has no finite maximum"):
        module("negative-binomial").m_step(np.zeros(5), np.ones((5, 1)))


@pytest.mark.parametrize("seed", range(40))
def test_counts_that_vary_less_than_poisson_have_no_size(seed: int) -> None:
    rng = np.random.default_rng(seed)
    X, shares = rng.binomial(9, 0.6, 57).astype(float), rng.dirichlet([1.0, 2.0], 57)
    means = shares.T @ X / shares.sum(axis=0)
    spread = (shares * (X[:, np.newaxis] - means) ** 2).sum(axis=0) / shares.sum(axis=0)
    assert (spread < means).all()
    with pytest.raises(
        ValueError, match=r"sizes\[0\] has no finite maximum: Q keeps rising as it goes to inf; a prior"
    ):
        module("negative-binomial").m_step(X, shares)


@pytest.mark.parametrize("size", [10.0, 1000.0])
def test_counts_that_vary_little_more_than_poisson_have_one(size: float) -> None:
    X, mean = np.arange(60.0), 3.0
    probabilities = stats.nbinom.pmf(X, size, size / (size + mean))
    assert module("negative-binomial").m_step(X, probabilities[:, np.newaxis]).sizes[0] == pytest.approx(size, rel=1e-5)


@pytest.mark.parametrize("seed", range(60))
def test_the_theorem_is_not_contradicted_by_random_counts(seed: int) -> None:
    """The sum changes its sign once at most: in exact terms, sum_j S_j / (r + j) - log(1 + m / r)."""
    rng = np.random.default_rng(seed)
    counts, weights = rng.integers(0, rng.integers(2, 30), 6), rng.dirichlet(np.full(6, 0.4))
    mean, spread = weights @ counts, weights @ counts**2 - (weights @ counts) ** 2
    above = np.array([weights[counts > j].sum() for j in range(counts.max())])
    with mpmath.workdps(60):
        signs = [
            mpmath.sign(
                mpmath.fsum(mpmath.mpf(s) / (r + j) for j, s in enumerate(above)) - mpmath.log1p(mpmath.mpf(mean) / r)
            )
            for r in (mpmath.mpf(2) ** (e / mpmath.mpf(4)) for e in range(-60, 120))
        ]
    changes = sum(a != b for a, b in pairwise(signs))
    assert changes == int(spread > mean)
    assert signs[0] > 0


def planted(move: Crosses, slope: Expr) -> None:
    unknown = Symbol(r, (k,))
    equation = Step(1, Derivative(slope * r[k], unknown), Relation.EQUAL, slope, "rule", "words")
    step = Step(2, unknown, Relation.EQUIVALENT, RootOf(unknown, slope), "rule", "words", premise=1, move=move)
    CERTIFIER.certify(step, lambda _: equation)


def test_a_theorem_is_refused_where_its_conditions_or_its_equation_do_not_hold() -> None:
    t, w, real = Known("t", n, domain=NonNegative), Known("w", n), Data("y", n, domain=NonNegative)
    name, unknown = "negative binomial size", Symbol(r, (k,))
    right = THEOREMS[name].slope(n, as_expr(t[n]), x[n], unknown)
    planted(Crosses(name, n, as_expr(t[n]), x[n]), right)
    for move, slope, reason in (
        (Crosses("another", n, as_expr(t[n]), x[n]), right, "no theorem"),
        (Crosses(name, n, as_expr(w[n]), x[n]), right, "conditions"),
        (Crosses(name, n, as_expr(t[n]), real[n]), right, "conditions"),
        (Crosses(name, n, as_expr(t[n]), x[n] + r[k]), right, "depend on"),
        (Crosses(name, n, as_expr(t[n]), x[n]), right + log(r[k]), "not that of the theorem"),
        (Crosses(name, n, as_expr(t[n]), x[n]), -right, "not that of the theorem"),
    ):
        with pytest.raises(StepRefusedError, match=reason):
            planted(move, slope)
