"""With a prior the updates maximise Q plus the log prior, for every prior, and EM never lowers the log-posterior."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from derive.em import derive_em
from derive.emission.module import render_module
from derive.errors import DeriveError, ModelError, NoClosedFormError
from derive.language import AtLeast, Known, Parameter, Positive, identity, inverse, log, logdet, quad, sum_over
from derive.models.changes.prior import with_prior
from derive.models.mixture import Mixture
from derive.models.priors import PRIORS as NAMED
from derive.models.priors import beta, dirichlet, gamma, inverse_gamma, inverse_wishart, normal, wishart
from derive.proof.derivation import Derivation
from derive.runtime.em import fit
from derive.runtime.load import load_source
from tests.em.densities import Case, D, Lambda, Sigma, gauss, k, location, mu, n, pi, rate, s2, x
from tests.em.interpret import disagreements
from tests.em.priors import CHANCE, FULL, PRECISION, PRIORS, S0, TIMES, Psi, chance, m0, nu

QUICK = {"inverse-gamma", "gamma-on-rates", "beta", "dirichlet", "normal-on-a-number", "wishart"}
CASES = [pytest.param(c, id=c.name, marks=[] if c.name in QUICK else [pytest.mark.slow]) for c in PRIORS]


@pytest.mark.parametrize("case", CASES)
def test_updates_maximise_q_plus_the_log_prior(case: Case) -> None:
    assert disagreements(case) == []


def as_a_whole(derivation: Derivation) -> str:
    return next(section.words for section in derivation.sections if section.title == "The M-step as a whole")


def test_the_prior_changes_the_derivation_and_is_named_in_it() -> None:
    plain, posterior = derive_em(TIMES.model), derive_em(with_prior(TIMES.model, dirichlet(pi, 2)))
    assert plain.log_prior is None
    assert plain.objective == plain.log_likelihood
    assert plain.objective_name == "log-likelihood"
    assert posterior.log_prior is not None
    assert posterior.objective_name == "log-posterior"
    rules = [step.rule for step in posterior.steps]
    assert [rules.count(rule) for rule in ("log-prior", "log-posterior", "map-objective")] == [1, 1, 1]
    assert not {"log-prior", "log-posterior", "map-objective"} & {step.rule for step in plain.steps}
    assert as_a_whole(posterior).endswith("EM never lowers the log-posterior.")


@pytest.mark.slow
def test_the_mean_does_not_wait_for_the_covariance_where_the_prior_scales_with_it() -> None:
    joint = derive_em(next(case.model for case in PRIORS if case.name == "normal-inverse-wishart"))
    apart = derive_em(next(case.model for case in PRIORS if case.name == "normal-on-means"))
    assert [update.previous for update in joint.updates] == [(), (), ()]
    assert "global maximum of Q_MAP" in as_a_whole(joint)
    assert [symbol.family.name for symbol in apart.updates[0].previous] == ["Sigma"]
    assert "ECM" in as_a_whole(apart)


REFUSED: dict[str, tuple[Callable[[], object], type[DeriveError], str]] = {
    "data in it": (lambda: with_prior(FULL.model, quad(inverse(S0), x[n] - mu[k])), ModelError, "mentions the data x"),
    "not there": (
        lambda: with_prior(FULL.model, log(Parameter("tau", k, domain=Positive)[k])),
        ModelError,
        r"a prior on a symbol that is not there, tau\[k\]: the model does not have it; it has pi\[k\], Sigma\[k\], mu",
    ),
    "declared differently": (
        lambda: with_prior(FULL.model, normal(Parameter("mu", shape=D).symbol, m0, S0)),
        ModelError,
        "not there, mu: the model's symbol of this name is declared differently",
    ),
    "depends on nothing": (lambda: with_prior(FULL.model, log(nu)), ModelError, "depends on no parameter"),
    "a vector": (
        lambda: Mixture("m", pi, gauss(Sigma[k], mu[k]), log_prior=sum_over(k, mu[k])),
        ModelError,
        "log_prior must be a scalar, but it is D x 1",
    ),
    "an index left free": (
        lambda: Mixture("m", pi, gauss(Sigma[k], mu[k]), log_prior=normal(mu[k], m0, S0)),
        ModelError,
        "the index k is left free in the log prior; sum over it with sum_over",
    ),
    "no formula": (
        lambda: with_prior(FULL.model, "dirichlet(2)"),  # type: ignore[arg-type]
        ModelError,
        "not a formula",
    ),
    "no prior": (lambda: with_prior(FULL.model), ModelError, "needs a prior"),
    "dirichlet on a mean": (lambda: dirichlet(location[k], 2), ModelError, "a prior on a family that sums to one"),
    "beta on a rate": (lambda: beta(rate[k], 2, 2), ModelError, "a prior on a probability"),
    "gamma on a location": (lambda: gamma(location[k], 2, 2), ModelError, "a prior on a positive number"),
    "wishart on a vector": (lambda: wishart(mu[k], Psi, nu), ModelError, "a prior on a positive definite matrix"),
    "normal on a matrix": (lambda: normal(Sigma[k], 0, 1), ModelError, "a prior on a number or a vector"),
    "a number below one": (lambda: dirichlet(pi, 0), ModelError, "the mode may lie on the boundary; give 1 or more"),
    "arguments in another order": (
        lambda: wishart(Sigma[k], nu, identity(D)),
        ModelError,
        "wishart: nu is a number, but I is D x D; check the order",
    ),
    "a vector for a rate": (lambda: gamma(rate[k], 2, m0), ModelError, "gamma: rate is a number, but m0 is D x 1"),
    "a negative scale": (lambda: inverse_gamma(s2[k], 2, -1), ModelError, "scale = -1 must be positive"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_priors_that_make_no_sense_are_refused(name: str) -> None:
    make, kind, words = REFUSED[name]
    with pytest.raises(kind, match=words):
        make()


shape, other, degrees = Known("A", domain=Positive), Known("B", domain=Positive), Known("nu", domain=Positive)
BOUNDARY = {
    "dirichlet": (TIMES, dirichlet(pi, Known("alpha", k, domain=Positive)), r"alpha with domain=AtLeast\(1\)"),
    "dirichlet of any sign": (TIMES, dirichlet(pi, Known("alpha", k)), r"alpha with domain=AtLeast\(1\)"),
    "gamma": (TIMES, gamma(rate[k], shape, 1), r"declare A with domain=AtLeast\(1\)"),
    "beta": (CHANCE, beta(chance[k], shape, other), r"declare A with domain=AtLeast\(1\)"),
    "beta's other": (CHANCE, beta(chance[k], 1, other), r"declare B with domain=AtLeast\(1\)"),
    "wishart": (PRECISION, wishart(Lambda[k], Psi, degrees), r"declare nu with domain=AtLeast\(D \+ 1\)"),
    "below what it says": (
        PRECISION,
        wishart(Lambda[k], Psi, Known("nu", domain=AtLeast(D))),
        r"declare nu with domain=AtLeast\(D \+ 1\)",
    ),
    "written out": (
        TIMES,
        sum_over(k, -log(rate[k]) / 2),
        "may be negative, and the maximum then lies on the boundary",
    ),
}


@pytest.mark.parametrize("name", BOUNDARY)
def test_a_mode_that_may_lie_on_the_boundary_is_refused_with_the_bound_that_avoids_it(name: str) -> None:
    case, prior, words = BOUNDARY[name]
    with pytest.raises(NoClosedFormError, match=words):
        derive_em(with_prior(case.model, prior))


def test_a_planted_prior_whose_maximum_is_elsewhere_is_found_out() -> None:
    honest = next(case for case in PRIORS if case.name == "inverse-gamma")
    planted = Case(honest.model, honest.density, lambda v: honest.prior(v) - float(np.sum(1 / v["s2"])))
    assert any(wrong.startswith("s2") for wrong in disagreements(planted))


def test_a_gaussian_with_an_inverse_wishart_prior_does_not_collapse_on_equal_points() -> None:
    model = with_prior(FULL.model, inverse_wishart(Sigma[k], 1, 4))
    module: Any = load_source(render_module(derive_em(model)), model.name)
    rng = np.random.default_rng(3)
    X = np.concatenate([np.full((20, 2), 5.0), rng.normal(size=(30, 2))])
    result = fit(module, X, 2)
    assert result.converged
    assert np.linalg.eigvalsh(result.parameters.covariances).min() > 0
    assert result.objective == "log-likelihood plus log prior"
    assert result.value == pytest.approx(module.objective(X, result.parameters), rel=1e-12)
    assert result.value - result.log_likelihood == pytest.approx(module.log_prior(result.parameters), rel=1e-9)


def test_generated_code_refuses_hyperparameters_out_of_their_range() -> None:
    model = with_prior(TIMES.model, dirichlet(pi, Known("alpha", k, domain=AtLeast(1))))
    module = load_source(render_module(derive_em(model)), model.name)
    X, responsibilities = np.array([1.0, 2.0, 3.0]), np.full((3, 2), 0.5)
    with pytest.raises(ValueError, match="alpha must be at least 1"):
        module.m_step(X, responsibilities, alpha=np.array([0.5, 2.0]))


def test_bounds_of_degrees_of_freedom_follow_the_sizes() -> None:
    model = with_prior(
        Mixture("m", pi, logdet(Lambda[k]) / 2 - quad(Lambda[k], x[n] - mu[k]) / 2),
        wishart(Lambda[k], Psi, Known("nu", domain=AtLeast(D + 1))),
    )
    module = load_source(render_module(derive_em(model)), model.name)
    X = np.random.default_rng(1).normal(size=(9, 3))
    responsibilities = np.full((9, 2), 0.5)
    with pytest.raises(ValueError, match=r"nu must be at least D \+ 1"):
        module.m_step(X, responsibilities, nu=np.array(3.5), Psi=np.eye(3))
    with pytest.raises(DeriveError, match="AtLeast"):
        Known("nu", domain=AtLeast(D - 1))


def test_the_names_of_priors_are_those_of_their_functions() -> None:
    assert all(prior.density.__name__ == name for name, prior in NAMED.items())
