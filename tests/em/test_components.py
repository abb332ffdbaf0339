"""Components with densities of their own: certified, generated, and the same as EM written by hand."""

from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scipy.special import gammaln
from scipy.stats import multivariate_normal

from derive import (
    PI,
    Count,
    Data,
    Dimension,
    Index,
    Known,
    Mixture,
    Parameter,
    Positive,
    PositiveDefinite,
    Simplex,
    inverse,
    log,
    log_factorial,
    logdet,
    point_mass,
    quad,
)
from derive.em import derive_em
from derive.emission.module import render_module
from derive.errors import ModelError
from derive.models.changes.noise import with_noise
from derive.models.mixture import Mixture as MixtureType
from derive.runtime.load import load_source

n, k, j = Index("n", "N"), Index("k", "K"), Index("j", "K + 1")
x = Data("x", n, domain=Count)
pi = Parameter("pi", j, domain=Simplex, code="weights")
lam = Parameter("lam", k, domain=Positive, code="rates")
POISSON = x[n] * log(lam[k]) - lam[k] - log_factorial(x[n])


def inflated() -> MixtureType:
    return Mixture("inflated", weights=pi, log_density=POISSON, others=(point_mass(x[n], 0),))


def noisy() -> MixtureType:
    D = Dimension("D")
    y, V = Data("y", n, shape=D), Known("V", domain=Positive, code="volume")
    mu = Parameter("mu", k, shape=D, code="means")
    S = Parameter("Sigma", k, domain=PositiveDefinite(D), code="covariances")
    density = -(D * log(2 * PI) + logdet(S[k]) + quad(inverse(S[k]), y[n] - mu[k])) / 2
    return Mixture("noisy", weights=pi, log_density=density, others=(-log(V),))


@cache
def module_of(name: str) -> Any:
    model = {"inflated": inflated, "noisy": noisy}[name]()
    return load_source(render_module(derive_em(model)), name)


def test_zero_inflated_poisson_is_em_by_hand() -> None:
    rng = np.random.default_rng(3)
    X = np.concatenate([np.zeros(40), rng.poisson(2, 50), rng.poisson(9, 33)])
    module = module_of("inflated")
    parameters = module.Parameters(np.array([0.5, 0.2, 0.3]), np.array([1.0, 7.0]))
    weights, rates = parameters
    for _ in range(8):
        densities = np.exp(X[:, None] * np.log(rates) - rates - gammaln(X[:, None] + 1))
        joint = weights * np.column_stack([densities, X == 0])
        gamma = joint / joint.sum(axis=1, keepdims=True)
        parameters, value = module.em_step(X, parameters)
        assert np.isclose(value, np.log(joint.sum(axis=1)).sum(), rtol=1e-12)
        weights = gamma.mean(axis=0)
        rates = gamma[:, :2].T @ X / gamma[:, :2].sum(axis=0)
        np.testing.assert_allclose(parameters.weights, weights, rtol=1e-12)
        np.testing.assert_allclose(parameters.rates, rates, rtol=1e-12)


def test_gaussians_with_noise_are_em_by_hand() -> None:
    rng = np.random.default_rng(4)
    X = np.concatenate([rng.normal(size=(40, 2)), rng.normal(5, 1, size=(30, 2)), rng.uniform(-9, 9, size=(17, 2))])
    module, V = module_of("noisy"), 324.0
    gamma = rng.dirichlet([2.0, 1.0, 1.0], size=len(X))
    parameters = module.m_step(X, gamma, volume=V)
    for _ in range(5):
        counts = gamma[:, :2].sum(axis=0)
        means = gamma[:, :2].T @ X / counts[:, None]
        covariances = [(gamma[:, c, None] * (X - means[c])).T @ (X - means[c]) / counts[c] for c in range(2)]
        np.testing.assert_allclose(parameters.means, means, rtol=1e-9)
        np.testing.assert_allclose(parameters.covariances, covariances, rtol=1e-9)
        np.testing.assert_allclose(parameters.weights, gamma.mean(axis=0), rtol=1e-12)
        normals = [multivariate_normal(means[c], covariances[c]).pdf(X) for c in range(2)]
        joint = gamma.mean(axis=0) * np.column_stack([*normals, np.full(len(X), 1 / V)])
        gamma = joint / joint.sum(axis=1, keepdims=True)
        parameters, value = module.em_step(X, parameters, volume=V)
        assert np.isclose(value, np.log(joint.sum(axis=1)).sum(), rtol=1e-10)


def test_a_point_mass_without_points_loses_its_weight_only() -> None:
    module = module_of("inflated")
    X = np.array([1.0, 2.0, 5.0, 7.0])
    gamma = np.column_stack([np.full((4, 2), 0.5), np.zeros(4)])
    parameters = module.m_step(X, gamma)
    assert parameters.weights[2] == 0
    following, value = module.em_step(X, parameters)
    assert np.isfinite(value)
    assert np.isfinite(following.rates).all()


def test_a_component_without_points_is_refused_by_its_number() -> None:
    gamma = np.array([[0.0, 0.5, 0.5], [0.0, 0.1, 0.9]])
    with pytest.raises(ValueError, match=r"component 0 has no points: N_k = 0"):
        module_of("inflated").m_step(np.array([0.0, 3.0]), gamma)


def test_parameters_belong_to_the_components_that_share_the_density() -> None:
    module: ModuleType = module_of("inflated")
    assert module.PARAMETER_SHAPES == {"weights": ("K + 1",), "rates": ("K",)}
    assert module.n_parameters(3) == 6


def test_weights_must_have_a_place_for_the_others() -> None:
    short = Parameter("pi", k, domain=Simplex)
    with pytest.raises(ModelError, match=r"declare their index as Index\('j', 'K \+ 1'\)"):
        Mixture("short", weights=short, log_density=POISSON, others=(point_mass(x[n], 0),))


def test_the_shared_density_has_an_index_of_its_own() -> None:
    rate = Parameter("lam", j, domain=Positive)
    density = x[n] * log(rate[j]) - rate[j] - log_factorial(x[n])
    with pytest.raises(ModelError, match=r"write log_density with an index over K"):
        Mixture("confused", weights=pi, log_density=density, others=(point_mass(x[n], 0),))


def test_a_point_mass_beside_a_density_of_real_numbers_is_refused() -> None:
    y = Data("y", n)
    density = -((y[n] - Parameter("mu", k)[k]) ** 2) / 2
    with pytest.raises(ModelError, match="no common dominating measure"):
        Mixture("mixed", weights=pi, log_density=density, others=(point_mass(y[n], 0),))


def test_parameters_of_the_others_are_refused() -> None:
    rho = Parameter("rho", domain=Positive)
    with pytest.raises(ModelError, match=r"depends on the parameter rho"):
        Mixture("own", weights=pi, log_density=POISSON, others=(x[n] * log(rho) - rho - log_factorial(x[n]),))


def test_noise_is_added_to_a_model() -> None:
    own = Parameter("pi", k, domain=Simplex, code="weights")
    plain = Mixture("plain", weights=own, log_density=POISSON)
    changed = with_noise(plain)
    assert changed.name == "plain-noise"
    assert changed.weights.indices[0].size.name == "K + 1"
    assert [str(update.target) for update in derive_em(changed).updates] == ["lam_k", "pi_j"]
    with pytest.raises(ModelError, match="densities of their own already"):
        with_noise(changed)
