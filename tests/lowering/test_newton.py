"""Newton's method on beta densities whose shapes are known: where rounding is coarser than what is left to climb."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import digamma, gammaln, polygamma

from derive.lowering.newton import newton

Array = NDArray[Any]


def _found(shapes: Array, rows: Array) -> Array:
    """The shapes of beta densities, found from the mean logarithms that those densities have; shapes (K, 2)."""
    means = digamma(shapes) - digamma(shapes.sum(axis=-1, keepdims=True))

    def value(point: Array) -> Array:
        return np.asarray(rows * ((point * means - gammaln(point)).sum(axis=-1) + gammaln(point.sum(axis=-1))))

    def derivatives(point: Array) -> tuple[Array, Array]:
        total = point.sum(axis=-1, keepdims=True)
        gradient = means - digamma(point) + digamma(total)
        hessian = polygamma(1, total)[..., np.newaxis] - polygamma(1, point)[..., np.newaxis] * np.eye(2)
        return rows[:, np.newaxis] * gradient, rows[:, np.newaxis, np.newaxis] * hessian

    return newton(value, derivatives, np.ones(shapes.shape), "shapes")


@pytest.mark.parametrize("largest", [1e2, 1e4, 1e6])
def test_maxima_are_found_whatever_the_rounding_of_the_value(largest: float) -> None:
    rng = np.random.default_rng(0)
    for _ in range(100):
        shapes, rows = np.exp(rng.uniform(np.log(0.01), np.log(largest), (3, 2))), 10 ** rng.uniform(0, 7, 3)
        np.testing.assert_allclose(_found(shapes, rows), shapes, rtol=1e-12 * largest)


def test_no_maximum_is_an_error() -> None:
    """All rows at one half: the density rises for ever as both shapes grow."""
    mean = np.log(0.5)

    def value(point: Array) -> Array:
        return np.asarray(point.sum(axis=-1) * mean - gammaln(point).sum(axis=-1) + gammaln(point.sum(axis=-1)))

    def derivatives(point: Array) -> tuple[Array, Array]:
        total = point.sum(axis=-1, keepdims=True)
        hessian = polygamma(1, total)[..., np.newaxis] - polygamma(1, point)[..., np.newaxis] * np.eye(2)
        return mean - digamma(point) + digamma(total), hessian

    with pytest.raises(ValueError, match="no finite maximum"):
        newton(value, derivatives, np.ones((1, 2)), "shapes")
