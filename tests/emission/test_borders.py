"""Values at or beyond the border of a domain are refused by name, where an update or a prior has no value there."""

from typing import Any

import numpy as np
import pytest

from derive import load

RNG = np.random.default_rng(5)
X, GAMMA = RNG.normal(size=(7, 2)), RNG.dirichlet(np.ones(3), size=7)
EYES = np.broadcast_to(np.eye(2), (3, 2, 2))
THIRDS = np.full(3, 1 / 3)
CROOKED = np.array([[1.0, 0.5], [0.0, 1.0]])


@pytest.fixture(scope="module")
def with_covariance_known() -> Any:
    return load("gaussian-full").prior("mu ~ normal(m0, S0)").module()


@pytest.mark.parametrize(
    ("matrix", "said"),
    [
        (-np.eye(2), "positive definite"),
        (CROOKED, "symmetric"),
        (CROOKED.T, "symmetric"),
        (np.eye(2) * np.nan, "must be"),
    ],
)
def test_a_known_matrix_outside_of_its_domain_is_refused(with_covariance_known: Any, matrix: Any, said: str) -> None:
    module = with_covariance_known
    parameters = module.Parameters(THIRDS, np.zeros((3, 2)), EYES)
    with pytest.raises(np.linalg.LinAlgError, match=f"S0.*{said}"):
        module.m_step(X, GAMMA, parameters, m0=np.zeros(2), S0=matrix)
    with pytest.raises(np.linalg.LinAlgError, match=f"S0.*{said}"):
        module.objective(X, parameters, m0=np.zeros(2), S0=matrix)
    assert np.isfinite(module.objective(X, parameters, m0=np.zeros(2), S0=np.eye(2)))


@pytest.mark.parametrize("factor", [0.0, -1.0, np.nan])
def test_previous_values_at_which_an_update_has_none_are_refused(with_covariance_known: Any, factor: float) -> None:
    previous = with_covariance_known.Parameters(THIRDS, np.zeros((3, 2)), factor * EYES)
    with pytest.raises(np.linalg.LinAlgError, match="previous_covariances must be positive definite"):
        with_covariance_known.m_step(X, GAMMA, previous, m0=np.zeros(2), S0=np.eye(2))


@pytest.mark.parametrize("value", [0.0, -1.0, np.nan])
def test_a_previous_variance_is_refused_by_its_component(value: float) -> None:
    module: Any = load("gaussian-1d").prior("mu ~ normal(0, 10)").module()
    previous = module.Parameters(THIRDS, np.zeros(3), np.array([1.0, value, 1.0]))
    with pytest.raises(np.linalg.LinAlgError, match="previous_variances of component 1 must be positive"):
        module.m_step(X[:, 0], GAMMA, previous)
    assert np.isfinite(module.m_step(X[:, 0], GAMMA).means).all()


def test_a_prior_at_weights_of_zero_is_minus_infinity_or_refused() -> None:
    module: Any = load("gaussian-1d").prior("pi ~ dirichlet(alpha)").module()
    parameters = module.Parameters(np.array([0.0, 0.5, 0.5]), np.zeros(3), np.ones(3))
    assert module.objective(X[:, 0], parameters, alpha=2.0) == -np.inf
    with pytest.raises(np.linalg.LinAlgError, match="no value where weights are zero"), np.errstate(invalid="ignore"):
        module.objective(X[:, 0], parameters, alpha=1.0)
