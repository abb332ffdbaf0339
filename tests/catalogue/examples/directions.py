"""Angles."""

import numpy as np
from scipy import stats

from tests.catalogue.example import Array, Example, Knowns


def _angles(rng: np.random.Generator, N: int, _: int) -> tuple[Array, Knowns]:
    return rng.vonmises(rng.choice([-2.9, 1.0], N), 3.0), {}


EXAMPLES = (
    Example(
        "von-mises",
        _angles,
        lambda X, p, _: stats.vonmises.logpdf(X[:, np.newaxis], p.concentrations, loc=p.directions),
    ),
)
