"""Ill-conditioned data: one iteration by the kernel beside the same in fifty digits."""

import warnings
from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf

from derive.runtime.kernel import Kernel, em_step
from derive.runtime.kernel.cancellation import TOLERANCE, error_bound, largest_products
from derive.runtime.kernel.conditioning import scaled_condition
from derive.runtime.kernel.quadratic import Quadratic
from tests.catalogue.example import module

mp.dps = 50
N, D, K = 120, 3, 2


def _offset(rng: np.random.Generator) -> np.ndarray[Any, Any]:
    return rng.normal(size=(N, D)) + 1e6


def _scales(rng: np.random.Generator) -> np.ndarray[Any, Any]:
    return rng.normal(size=(N, D)) * [1e-4, 1.0, 1e4] + [1.0, -2.0, 3.0]


def _near_singular(rng: np.random.Generator) -> np.ndarray[Any, Any]:
    X = rng.normal(size=(N, D))
    X[:, 2] = X[:, 0] + 1e-4 * X[:, 2]
    return X + 10


def _outliers(rng: np.random.Generator) -> np.ndarray[Any, Any]:
    X = rng.normal(size=(N, D))
    X[:2] = 1e5
    return X


def _tight_pair(rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """Two clusters of standard deviation 1e-5, far apart: large beside their spread."""
    return 1e-5 * rng.normal(size=(N, D)) + np.where(np.arange(N)[:, None] % 3 > 0, 4.0, -7.0)


KINDS = [_offset, _scales, _near_singular, _outliers, _tight_pair]


def _reference(X: Any, parameters: Any) -> tuple[Any, Any]:
    """One iteration of EM in fifty digits, sample by sample."""
    weights, means, covariances = parameters
    points = [mp.matrix([mpf(float(value)) for value in row]) for row in X]
    joint = []
    for k in range(K):
        mean = mp.matrix([mpf(float(value)) for value in means[k]])
        covariance = mp.matrix([[mpf(float(value)) for value in row] for row in covariances[k]])
        precision, determinant = covariance**-1, mp.det(covariance)
        constant = mp.log(mpf(float(weights[k]))) - (D * mp.log(2 * mp.pi) + mp.log(determinant)) / 2
        joint.append([constant - ((x - mean).T * precision * (x - mean))[0] / 2 for x in points])
    sums = [mp.log(sum(mp.exp(joint[k][n]) for k in range(K))) for n in range(len(points))]
    found: list[Any] = [[], [], []]
    for k in range(K):
        gamma = [mp.exp(joint[k][n] - sums[n]) for n in range(len(points))]
        count = sum(gamma)
        mean = sum((g * x for g, x in zip(gamma, points, strict=True)), mp.zeros(D, 1)) / count
        scatter = sum((g * (x - mean) * (x - mean).T for g, x in zip(gamma, points, strict=True)), mp.zeros(D, D))
        found[0].append(float(count / len(points)))
        found[1].append([float(value) for value in mean])
        found[2].append(np.array((scatter / count).tolist(), dtype=float))
    return [np.array(part) for part in found], float(sum(sums))


@pytest.mark.parametrize(
    ("kind", "strategy"),
    [(kind, strategy) for kind in KINDS for strategy in ("auto", "centred")]
    + [(kind, "whitened") for kind in KINDS if kind is not _outliers],  # a condition of 1e9, which "auto" sees
)
def test_ill_conditioned_data(kind: Any, strategy: str) -> None:
    rng = np.random.default_rng(4)
    X = kind(rng)
    code = module("gaussian-full")
    labels = np.arange(N) % 3 > 0
    sure = 1.0 if kind is _tight_pair else 0.9
    start = code.m_step(X, np.where(labels[:, None], [sure, 1 - sure], [1 - sure, sure]))
    expected, value = _reference(X, start)
    found, reached = em_step(code, X, start, strategy=strategy)
    assert reached == pytest.approx(value, rel=1e-9)
    for one, other in zip(found, expected, strict=True):
        spread = np.abs(other).max(axis=tuple(range(1, other.ndim)), keepdims=True)
        assert (np.abs(one - other) <= 1e-7 * spread).all()


def test_features_alone_would_lose_the_digits_of_a_tight_pair() -> None:
    """What the choice of strategy is for: the test above can tell the difference."""
    X = _tight_pair(np.random.default_rng(4))
    code = module("gaussian-full")
    start = code.m_step(X, np.where((np.arange(N) % 3 > 0)[:, None], [1.0, 0.0], [0.0, 1.0]) * 0.98 + 0.01)
    start = code.m_step(X, code.e_step(X, start))
    expected, _ = _reference(X, start)
    lossy, _ = em_step(code, X, start, strategy="features")
    chosen, _ = em_step(code, X, start)
    error = [np.abs(found.covariances - expected[2]).max() for found in (lossy, chosen)]
    assert error[1] < 1e-7 * np.abs(expected[2]).max() < error[0]


def test_the_bound_grows_with_the_distance_over_the_spread() -> None:
    code: Any = module("gaussian-full")
    weights, means = np.array([0.3, 0.7]), np.array([[0.0, 0.0], [1.0, 2.0]])
    bounds = []
    largest = largest_products(code.features, np.array([-3.0, -3.0]), np.array([4.0, 2.0]), 6)
    np.testing.assert_array_equal(np.sort(largest), [1, 3, 4, 9, 12, 16])
    for spread in (1.0, 1e-4):
        natural = code.natural_parameters(code.Parameters(weights, means, spread**2 * np.stack([np.eye(2)] * 2)))
        bounds.append(error_bound(natural, largest, np.float64))
    assert bounds[0] < 1e-13
    assert bounds[1] == pytest.approx(1e8 * bounds[0], rel=0.5)


@pytest.mark.parametrize(("width", "told"), [(1e-4, False), (1e-6, True)])
def test_a_matrix_that_is_nearly_singular_is_told(width: float, told: bool) -> None:
    """Where no strategy keeps seven digits of the parameters, a warning says so; and only there."""
    X = np.random.default_rng(4).normal(size=(N, D))
    X[:, 2] = X[:, 0] + width * X[:, 2]
    code = module("gaussian-full")
    start = code.m_step(X, np.where((np.arange(N) % 3 > 0)[:, None], [0.9, 0.1], [0.1, 0.9]))
    expected, _ = _reference(X, start)
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        found, _ = em_step(code, X, start)
    assert ["] is nearly singular (a condition of" in str(one.message) for one in given] == [True] * told
    error = np.abs(found.covariances - expected[2]).max() / np.abs(expected[2]).max()
    assert (error > 1e-7) == told


def test_a_fit_tells_it_once() -> None:
    X = np.random.default_rng(4).normal(size=(N, D))
    X[:, 2] = X[:, 0] + 1e-6 * X[:, 2]
    code = module("gaussian-full")
    parameters = code.m_step(X, np.where((np.arange(N) % 3 > 0)[:, None], [0.9, 0.1], [0.1, 0.9]))
    driver = Kernel(code).hold(X)
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        for _ in range(3):
            parameters, _ = driver.em_step(X, parameters)
    assert len(given) == 1


def test_scales_of_columns_are_no_loss() -> None:
    scales = np.array([1e-8, 1.0, 1e8])
    matrix = np.array([[2.0, 1.0, 0.5], [1.0, 2.0, 1.0], [0.5, 1.0, 2.0]])
    assert scaled_condition(matrix * scales * scales[:, None]) == pytest.approx(np.linalg.cond(matrix / 2))
    assert scaled_condition(np.array([[0.0, 1.0], [-1.0, 0.0]])) == 1


def test_whitening_estimates_what_it_loses() -> None:
    """The estimate is never below the error seen: small for data that do no harm, not tolerated for those that do."""
    estimates = []
    for kind in KINDS:
        X = kind(np.random.default_rng(4))
        code: Any = module("gaussian-full")
        labels = np.arange(N) % 3 > 0
        start = code.m_step(X, np.where(labels[:, None], [0.9, 0.1], [0.1, 0.9]))
        origin = np.mean(start.means, axis=0)
        natural = code.natural_parameters(code.shifted(start, start.means))
        quadratic = Quadratic.of(natural, start.means - origin, np.float64)
        distances, joint = np.empty((K, N)), np.empty((K, N))
        quadratic.distances(X - origin, np.empty(N * K * D), distances)
        quadratic.fill(distances, joint, 0.0)
        lost = 0.0
        for k in range(K):
            precision = mp.matrix(start.covariances[k].tolist()) ** -1
            for n in range(N):
                difference = mp.matrix(X[n].tolist()) - mp.matrix(start.means[k].tolist())
                lost = max(lost, abs(float(distances[k, n] - (difference.T * precision * difference)[0]) / 2))
        estimates.append(quadratic.rounding((X - origin).min(axis=0), (X - origin).max(axis=0), np.float64))
        assert lost <= estimates[-1]
    assert estimates[KINDS.index(_offset)] < 1e-12
    assert estimates[KINDS.index(_outliers)] > TOLERANCE["float64"]
