"""Vectors with heavy tails."""

from typing import Any

import numpy as np
from scipy import stats

from tests.catalogue.example import Array, Example, Knowns


def _heavy(rng: np.random.Generator, N: int, D: int) -> tuple[Array, Knowns]:
    return rng.standard_t(5.0, size=(N, D)) + 3 * rng.integers(2, size=(N, 1)), {}


def _student(X: Array, p: Any, _: Knowns) -> Array:
    columns = zip(p.means, p.scales, p.degrees_of_freedom, strict=True)
    return np.stack([stats.multivariate_t.logpdf(X, mean, scale, df=df) for mean, scale, df in columns], axis=1)


EXAMPLES = (Example("student-t", _heavy, _student, latent=True),)
