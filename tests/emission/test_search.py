"""Searches in generated modules, on data in single precision."""

import numpy as np

from tests.catalogue.example import module


def test_single_precision_climbs_as_far_as_double() -> None:
    """Narrow beta densities, whose slopes in float32 are rounding long before they vanish."""
    beta = module("beta")
    for seed in range(20):
        rng = np.random.default_rng(seed)
        a, b = 10 ** rng.uniform(0, 3, 2)
        X = rng.beta(a, b, 400).astype(np.float32)
        responsibilities = rng.dirichlet([1, 1], 400)
        found = beta.m_step(X, responsibilities.astype(np.float32))
        assert all(value.dtype == np.float32 for value in found)
        for one, other in zip(found, beta.m_step(X.astype(np.float64), responsibilities), strict=True):
            np.testing.assert_allclose(one, other, rtol=5e-3)
