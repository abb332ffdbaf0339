"""Parameters at the border of their domain: 0 log 0 = 0, so what was never counted may have no chance at all."""

import numpy as np
import pytest
from scipy.special import xlog1py, xlogy

from tests.catalogue.example import Array, module

WEIGHTS = np.array([0.3, 0.7])


def _joint(name: str, X: Array, values: Array, **knowns: Array) -> Array:
    code = module(name)
    return code.log_joint(X, code.Parameters(WEIGHTS, values), **knowns)


def test_bernoulli_at_zero_and_one() -> None:
    X = np.array([[0, 1, 0], [0, 0, 1], [1, 1, 1], [0, 1, 1]], dtype=float)
    chances = np.array([[0.0, 1.0, 0.4], [0.2, 0.5, 1.0]])
    expected = np.log(WEIGHTS) + (xlogy(X[:, None], chances) + xlog1py(1 - X[:, None], -chances)).sum(axis=2)
    found = _joint("bernoulli", X, chances)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert np.isneginf(found[1, 0])
    assert np.isfinite(found[0, 0])


@pytest.mark.parametrize("name", ["multinomial", "categorical"])
def test_a_category_without_a_chance(name: str) -> None:
    X = np.array([[0.0, 1, 0], [0, 0, 1], [1, 0, 0]])
    chances = np.array([[0.0, 0.6, 0.4], [0.2, 0.8, 0.0]])
    found = _joint(name, X, chances)
    np.testing.assert_allclose(found, np.log(WEIGHTS) + xlogy(X[:, None], chances).sum(axis=2), rtol=1e-12)
    assert np.isneginf(found).sum() == 2


def test_poisson_at_rate_zero() -> None:
    found = _joint("poisson", np.array([0.0, 2.0]), np.array([0.0, 3.0]), exposures=np.array([2.0, 1.0]))
    np.testing.assert_allclose(found[:, 0], [np.log(0.3), -np.inf])


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("bernoulli", -0.1), ("bernoulli", 1.1), ("poisson", -1.0), ("geometric", 0.0), ("geometric", 1.5)],
)
def test_outside_of_the_domain_the_component_is_named(name: str, wrong: float) -> None:
    values = np.array([[0.5, 0.5], [0.5, wrong]]) if name == "bernoulli" else np.array([0.5, wrong])
    X: Array = np.zeros((3, 2)) if name == "bernoulli" else np.zeros(3)
    knowns = {"exposures": np.ones(3)} if name == "poisson" else {}
    with pytest.raises(np.linalg.LinAlgError, match="component 1 must"):
        _joint(name, X, values, **knowns)


@pytest.mark.parametrize("value", [0.0, 1.0])
@pytest.mark.parametrize("rows", [7, 1001])
def test_a_constant_column_does_not_end_em(value: float, rows: int) -> None:
    """All weights of a column of ones sum to the count, but in another order: rounding must not pass one."""
    code, rng = module("bernoulli"), np.random.default_rng(rows)
    X = np.column_stack([rng.integers(0, 2, rows), np.full(rows, value)]).astype(float)
    parameters = code.m_step(X, rng.dirichlet(np.ones(3), rows))
    for _ in range(20):
        parameters, total = code.em_step(X, parameters)
        assert np.isfinite(total)
        assert (parameters.probabilities <= 1).all()
        np.testing.assert_allclose(parameters.probabilities[:, 1], value, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_single_precision_stays(dtype: type) -> None:
    code, rng = module("bernoulli"), np.random.default_rng(0)
    X: Array = rng.integers(0, 2, (40, 3)).astype(dtype)
    parameters = code.m_step(X, rng.dirichlet(np.ones(2), 40).astype(dtype))
    assert {value.dtype for value in parameters} == {np.dtype(dtype)}
    assert code.log_joint(X, parameters).dtype == dtype
