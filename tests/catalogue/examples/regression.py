"""Responses to known features."""

import numpy as np
from scipy import stats

from tests.catalogue.example import Array, Example, Knowns


def _linear(rng: np.random.Generator, N: int, D: int) -> tuple[Array, Knowns]:
    features = rng.normal(size=(N, D))
    slopes = rng.normal(scale=3.0, size=(2, D))
    return np.sum(features * slopes[rng.integers(0, 2, N)], axis=1) + rng.normal(size=N), {"features": features}


EXAMPLES = (
    Example(
        "linear-regression",
        _linear,
        lambda X, p, knowns: stats.norm.logpdf(
            X[:, np.newaxis], knowns["features"] @ p.coefficients.T, np.sqrt(p.variances)
        ),
    ),
)
