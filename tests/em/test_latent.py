"""A second latent variable: any density that is a Gamma kernel in it, against SciPy; what is none is refused."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import optimize, stats

from derive.checking.code import compares_with_derivation
from derive.checking.monotone import never_lowers
from derive.em import derive_em
from derive.em.latent import gamma_kernel
from derive.emission.module import render_module
from derive.errors import ModelError, NoClosedFormError, StepRefusedError
from derive.language import (
    PI,
    AtLeast,
    Count,
    Data,
    Index,
    Known,
    Latent,
    Parameter,
    Positive,
    Real,
    Simplex,
    exp,
    log,
    log_factorial,
    loggamma,
    sum_over,
)
from derive.language.expr import Expr
from derive.models import Mixture
from derive.models.load import load_model
from derive.models.priors import inverse_gamma
from derive.proof import Derivation
from derive.proof.certify import Certifier
from derive.proof.codec import from_json, to_json
from derive.runtime.load import load_source

Array = NDArray[Any]
n, k = Index("n", "N"), Index("k", "K")
x, u = Data("x", n), Latent("u", domain=Positive)
pi = Parameter("pi", k, domain=Simplex, code="weights")
mu, s = Parameter("mu", k, code="means"), Parameter("s", k, domain=Positive, code="scales")
nu = Known("nu", k, domain=Positive, code="freedom")
NORMAL = (log(u) - log(2 * PI) - log(s[k]) - u * (x[n] - mu[k]) ** 2 / s[k]) / 2
SCALE = nu[k] / 2 * log(nu[k] / 2) - loggamma(nu[k] / 2) + (nu[k] / 2 - 1) * log(u) - nu[k] * u / 2


def fixed_freedom() -> Mixture:
    return Mixture("t-known", pi, NORMAL + SCALE, latent=u)


def poisson_gamma() -> Mixture:
    """A negative binomial with known size: Poisson counts whose rate has a Gamma distribution of mean m."""
    counts, m, r = Data("x", n, domain=Count), Parameter("m", k, domain=Positive), Known("r", domain=Positive)
    given = counts[n] * log(u) - u - log_factorial(counts[n])
    rate = r * log(r / m[k]) - loggamma(r) + (r - 1) * log(u) - r * u / m[k]
    return Mixture("poisson-gamma", pi, given + rate, latent=u)


MODELS: dict[str, Callable[[], Mixture]] = {
    "t-known": fixed_freedom,
    "poisson-gamma": poisson_gamma,
    "student-t": lambda: load_model("student-t"),
}


@cache
def derived(name: str) -> Derivation:
    return derive_em(MODELS[name]())


@cache
def module(name: str) -> Any:
    return load_source(render_module(derived(name)), name)


@cache
def problem(name: str, seed: int) -> tuple[Array, Array, Any, dict[str, Array]]:
    """Data, responsibilities with unequal weights, parameters to start from, and known constants."""
    rng, N, K = np.random.default_rng(seed), 19, 3
    gamma = rng.dirichlet(rng.uniform(0.5, 2, K), size=N)
    weights = rng.dirichlet(np.ones(K))
    code = module(name)
    if name == "t-known":
        X, knowns = rng.standard_t(2, N) * 3 + 1, {"freedom": np.array([0.7, 3.0, 11.0])}
        return X, gamma, code.Parameters(weights, rng.normal(size=K), rng.uniform(0.5, 3, K)), knowns
    if name == "poisson-gamma":
        given = code.Parameters(weights, rng.uniform(1, 9, K))
        return rng.poisson(rng.gamma(2, 3, N)) * 1.0, gamma, given, {"r": np.array(1.7)}
    X, D = rng.standard_t(2, (N, 2)), 2
    roots = rng.normal(size=(K, D, D))
    spread = roots @ roots.swapaxes(1, 2) + np.eye(D)
    return X, gamma, code.Parameters(weights, rng.normal(size=(K, D)), spread, rng.uniform(0.5, 9, K)), {}


def log_joint(name: str, X: Array, p: Any, u: Array, knowns: dict[str, Array]) -> Array:
    """log weight + log density of samples and u, by SciPy, shape (N, K); u: numbers (N, K)."""
    if name == "t-known":
        half = knowns["freedom"] / 2
        normal = stats.norm.logpdf(X[:, np.newaxis], p.means, np.sqrt(p.scales / u))
        return np.asarray(np.log(p.weights) + normal + stats.gamma.logpdf(u, half, scale=1 / half))
    if name == "poisson-gamma":
        prior = stats.gamma.logpdf(u, knowns["r"], scale=p.m / knowns["r"])
        return np.asarray(np.log(p.weights) + stats.poisson.logpmf(X[:, np.newaxis], u) + prior)
    columns = range(len(p.weights))
    plain = np.stack([stats.multivariate_normal.logpdf(X, p.means[j], p.scales[j]) for j in columns], axis=1)
    peak = np.stack([stats.multivariate_normal.logpdf(p.means[j], p.means[j], p.scales[j]) for j in columns])
    normal = peak + X.shape[1] / 2 * np.log(u) + u * (plain - peak)
    half = p.degrees_of_freedom / 2
    return np.asarray(np.log(p.weights) + normal + stats.gamma.logpdf(u, half, scale=1 / half))


@pytest.mark.parametrize("name", MODELS)
def test_marginal_and_moments_are_integrals_of_the_joint_density(name: str) -> None:
    X, _, p, knowns = problem(name, 1)
    found, means = module(name).log_joint(X, p, **knowns), module(name).moments(X, p, **knowns)
    rows = X[:2]

    grid = np.linspace(-40, 7, 1500)  # the trapezium rule: the integrand and its derivatives vanish at both ends
    at = [np.exp(log_joint(name, rows, p, np.full((2, 3), np.exp(t)), knowns) + t) for t in grid]  # u = exp(t)
    total, first, logged = (np.tensordot(of, at, axes=1) * (grid[1] - grid[0]) for of in (grid**0, np.exp(grid), grid))
    np.testing.assert_allclose(found[:2], np.log(total), rtol=1e-8)
    np.testing.assert_allclose(means[0][:2], first / total, rtol=1e-8)
    np.testing.assert_allclose(means[1][:2], logged / total, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("name", ["t-known", "poisson-gamma"])
@pytest.mark.parametrize("claim", [compares_with_derivation, never_lowers], ids=lambda f: f.__name__)
def test_the_code_computes_the_updates_and_em_never_lowers(name: str, claim: Any) -> None:
    assert claim(derived(name), module(name))


def q(name: str, given: tuple[Array, Array, Any, dict[str, Array]], p: Any) -> float:
    """Q at fixed moments: the log joint density is a + b log u - c u, found by three values of u."""
    X, gamma, previous, knowns = given
    mean, mean_log = module(name).moments(X, previous, **knowns)
    one, two, third = (log_joint(name, X, p, np.full(gamma.shape, value), knowns) for value in (1.0, 2.0, np.exp(1.0)))
    matrix = np.array([[1, 0, -1], [1, np.log(2), -2], [1, 1, -np.exp(1.0)]])
    a, b, c = np.linalg.solve(matrix, np.stack([one, two, third]).reshape(3, -1)).reshape(3, *gamma.shape)
    return float((gamma * (a + b * mean_log - c * mean)).sum())


def rest_of_q(name: str, given: Any, best: Any, field: str) -> float:
    """The largest Q that a blind search finds over one parameter, the others as they are."""
    value = np.asarray(getattr(best, field))

    def cost(step: Array) -> float:
        direction = step.reshape(value.shape)
        if value.ndim == 3:  # stays symmetric
            direction = direction + direction.swapaxes(1, 2)
        with np.errstate(all="ignore"):
            try:
                found = q(name, given, best._replace(**{field: value + direction}))
            except ValueError:
                return np.inf
        return -found if np.isfinite(found) else np.inf

    return float(-optimize.minimize(cost, np.full(value.size, 0.02), method="BFGS", options={"gtol": 1e-5}).fun)


@pytest.mark.parametrize("name", MODELS)
def test_the_m_step_maximises_q_with_the_moments_held_fixed(name: str) -> None:
    X, gamma, previous, knowns = given = problem(name, 2)
    best = module(name).m_step(X, gamma, previous, **knowns)
    reached = q(name, given, best)
    assert reached > q(name, given, previous)
    for field in best._fields[1:]:
        blind = rest_of_q(name, given, best, field)
        assert blind <= reached + 1e-9 * abs(reached)
        assert blind >= reached - 1e-5 * abs(reached)


def test_the_student_t_is_that_of_scipy_and_its_update_divides_by_the_counts() -> None:
    X, gamma, p, _ = problem("student-t", 3)
    code = module("student-t")
    columns = zip(p.weights, p.means, p.scales, p.degrees_of_freedom, strict=True)
    expected = [np.log(w) + stats.multivariate_t.logpdf(X, m, s, df=df) for w, m, s, df in columns]
    np.testing.assert_allclose(code.log_joint(X, p), np.transpose(expected), rtol=1e-10)
    found, (mean, _) = code.m_step(X, gamma, p), code.moments(X, p)
    centred = X[:, np.newaxis] - np.einsum("nk,nd->kd", gamma * mean, X) / (gamma * mean).sum(axis=0)[:, np.newaxis]
    scatter = np.einsum("nk,nkd,nke->kde", gamma * mean, centred, centred)
    np.testing.assert_allclose(found.scales, scatter / gamma.sum(axis=0)[:, np.newaxis, np.newaxis], rtol=1e-10)


def test_without_previous_parameters_u_is_exponential() -> None:
    X, gamma, _, _ = problem("student-t", 4)
    found = module("student-t").m_step(X, gamma)
    np.testing.assert_allclose(found.degrees_of_freedom, 2.0, rtol=1e-9)  # log(a) - psi(a) is Euler's constant at a = 1
    np.testing.assert_allclose(found.means, gamma.T @ X / gamma.sum(axis=0)[:, np.newaxis], rtol=1e-12)


def test_the_poisson_gamma_is_a_negative_binomial() -> None:
    X, _, p, knowns = problem("poisson-gamma", 5)
    r = knowns["r"]
    expected = np.log(p.weights) + stats.nbinom.logpmf(X[:, np.newaxis], r, r / (r + p.m))
    np.testing.assert_allclose(module("poisson-gamma").log_joint(X, p, **knowns), expected, rtol=1e-11)


def test_a_known_number_of_degrees_needs_no_root_and_no_mean_logarithm() -> None:
    text = render_module(derived("t-known"))
    assert "_root" not in text
    assert "mean_u, _ = moments(X, previous, freedom=freedom)" in text


def test_a_prior_is_added_to_q() -> None:
    base = fixed_freedom()
    with_prior = replace(base, log_prior=sum_over(k, inverse_gamma(s[k], 2, 3)))
    found = derive_em(with_prior)
    code = load_source(render_module(found), "t-prior")
    assert found.objective_name == "log-posterior"
    assert never_lowers(found, code)


def test_a_derivation_survives_json() -> None:
    assert from_json(to_json(derived("t-known"))) == derived("t-known")


@pytest.mark.parametrize("rule", ["gamma-integral", "gamma-moment", "gamma-kernel", "expectation", "start"])
def test_planted_errors_are_refused(rule: str) -> None:
    found, model = derived("t-known"), fixed_freedom()
    certifier = Certifier(model.extents)
    steps = [step for step in found.steps if step.rule == rule]
    assert steps
    for step in steps:
        for wrong in (step.right + Known("tiny", domain=Positive) / 10**9, step.right * 2):
            with pytest.raises(StepRefusedError):
                certifier.certify(replace(step, right=wrong, certificate=None), found.step)


@pytest.mark.parametrize(
    ("density", "words"),
    [
        (NORMAL + SCALE - u**2, r"it has the term -u\^2"),
        (NORMAL + SCALE + log(1 + u), r"it has the term log\(1 \+ u\)|it has the term log\(u \+ 1\)"),
        (NORMAL + SCALE + u * log(u), "it has the term u log"),
        (NORMAL + SCALE + exp(-u), "it has the term exp"),
        (NORMAL + 0 * SCALE + u, "minus the factor of u"),
        (NORMAL + SCALE + mu[k] * log(u), r"1 \+ the factor of log\(u\)"),
        (NORMAL - 2 * log(u), r"1 \+ the factor of log\(u\)"),
    ],
)
def test_what_is_no_gamma_kernel_is_refused(density: Expr, words: str) -> None:
    with pytest.raises(NoClosedFormError, match=words):
        gamma_kernel("odd", density, u)


def test_descriptions_that_make_no_sense_are_refused() -> None:
    other = Latent("v", domain=Positive)
    for arguments, words in (
        ({}, "say so, Mixture"),
        ({"latent": other}, "has the latent variable u"),
        ({"latent": mu}, "declare it as in Latent"),
        ({"latent": u, "log_prior": log(u)}, "the prior mentions the latent variable u"),
    ):
        with pytest.raises(ModelError, match=words):
            Mixture("odd", pi, NORMAL + SCALE, **arguments)
    with pytest.raises(ModelError, match="does not mention the latent variable v"):
        Mixture("odd", pi, -((x[n] - mu[k]) ** 2), latent=other)
    for domain in (Real, AtLeast(1)):
        w = Latent("w", domain=domain)
        with pytest.raises(ModelError, match="runs over all positive numbers"):
            Mixture("odd", pi, -w * (x[n] - mu[k]) ** 2 / 2, latent=w)
