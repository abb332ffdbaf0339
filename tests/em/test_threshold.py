"""One kink beside a parabola: soft thresholding, held against a search that knows no derivative."""

from dataclasses import replace

import numpy as np
import pytest

from derive.checking.verify import verify
from derive.em import derive_em
from derive.errors import NoClosedFormError, StepRefusedError
from derive.language import Expr, Known, Parameter, Positive, absolute, log, sum_over
from derive.language.calculus_nodes import At, Named
from derive.language.larger import larger
from derive.language.rewrite import substitute
from derive.models.mixture import Mixture
from derive.proof.certify import Certifier
from derive.proof.codec import from_json, to_json
from tests.em.boundary import best_on_a_grid, built, d, k, mixture, n, responsibilities, table, x
from tests.language.floats import Array

mu, s2 = Parameter("mu", k, code="means"), Parameter("s2", k, domain=Positive, code="variances")
lam, m0 = Known("lam", domain=Positive, code="penalty"), Known("m0", code="centre")
GAUSS = -log(s2[k]) / 2 - (x[n] - mu[k]) ** 2 / (2 * s2[k])


def lasso(centre: Expr | int = 0) -> Mixture:
    return mixture(GAUSS, log_prior=sum_over(k, -lam * absolute(mu[k] - centre)))


@pytest.mark.parametrize("centre", [0.0, 1.3])
def test_the_update_is_the_best_mean(centre: float) -> None:
    derivation, module = built(lasso(m0.plus(0)) if centre else lasso())
    update = next(u for u in derivation.updates if u.target.family.name == "mu")
    assert (update.kind, update.argument) == ("kink", "soft threshold")
    rng = np.random.default_rng(2)
    data, gamma = rng.normal(0.4, 1, size=13), responsibilities(rng, 13, 4)
    variances, knowns = np.array([0.5, 1, 2, 4]), {"penalty": np.array(1.3)}
    knowns |= {"centre": np.array(centre)} if centre else {}
    found = module.m_step(data, gamma, module.Parameters(np.ones(4) / 4, np.zeros(4), variances), **knowns)
    for j in range(4):

        def q(mean: Array, weights: Array = gamma[:, j], variance: float = float(variances[j])) -> Array:
            fit = weights @ (data[:, np.newaxis] - mean) ** 2 / (2 * variance)
            return np.asarray(-fit - 1.3 * np.abs(mean - centre))

        assert found.means[j] == pytest.approx(best_on_a_grid(q, -5, 5), abs=1e-6)
    assert len(set(found.means == centre)) == 2


@pytest.mark.slow
def test_a_model_with_a_laplace_prior_verifies() -> None:
    verification = verify(lasso())
    assert verification.passed, [check for check in verification.checks if not check.passed]


def test_planted_means_are_refused() -> None:
    derivation, certifier = derive_em(lasso()), Certifier((n.size, k.size))
    assert from_json(to_json(derivation)) == derivation
    gain = next(step for step in derivation.steps if step.rule == "gain")
    assert certifier.certify(gain, derivation.step).certificate
    at = next(part for part in gain.left.children if isinstance(part, At))
    assert isinstance(at.value, Named)
    right = at.value.definition
    for wrong in (2 * right, right + 1, larger(0, right), substitute(right, lam.symbol, 2 * lam.symbol)):  # type: ignore[arg-type]
        planted = replace(gain, left=replace(at, value=wrong) - at.body)
        with pytest.raises(StepRefusedError):
            certifier.certify(planted, derivation.step)


@pytest.mark.parametrize(
    ("density", "prior", "words"),
    [
        (GAUSS, sum_over(k, lam * absolute(mu[k])), "not shown to be concave"),
        (GAUSS, sum_over(k, -absolute(mu[k]) - absolute(mu[k] - 1)), "another kink"),
        (-((x[n] - mu[k]) ** 4), sum_over(k, -absolute(mu[k])), "other terms"),
        (GAUSS - absolute(x[n] - mu[k]), None, "other terms"),
    ],
)
def test_what_is_refused_and_why(density: Expr, prior: Expr | None, words: str) -> None:
    with pytest.raises(NoClosedFormError, match=words):
        derive_em(mixture(density, log_prior=prior))


def test_coupled_entries_are_refused() -> None:
    beta = Parameter("beta", k, d, code="coefficients")
    total = sum_over(d, table[n, d] - beta[k, d])
    with pytest.raises(NoClosedFormError):
        derive_em(mixture(-(total**2), log_prior=sum_over(k, sum_over(d, -absolute(beta[k, d])))))
