"""Angles and unit vectors."""

from typing import Any

import numpy as np
from scipy import stats

from tests.catalogue.example import Array, Example, Knowns


def _angles(rng: np.random.Generator, N: int, _: int) -> tuple[Array, Knowns]:
    return rng.vonmises(rng.choice([-2.9, 1.0], N), 3.0), {}


def _unit_vectors(rng: np.random.Generator, N: int, D: int) -> tuple[Array, Knowns]:
    centres = np.stack([np.eye(D)[0], np.ones(D)])[rng.integers(0, 2, N)]
    vectors = centres + 0.6 * rng.normal(size=(N, D))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), {}


def _log_fisher(X: Array, directions: Array, concentration: Any) -> Array:
    return np.asarray(stats.vonmises_fisher.logpdf(X, directions / np.linalg.norm(directions), concentration))


EXAMPLES = (
    Example(
        "von-mises-fisher",
        _unit_vectors,
        lambda X, p, _: np.stack(
            [_log_fisher(X, *of) for of in zip(p.directions, p.concentrations, strict=True)], axis=1
        ),
        outside=(2.0,),
    ),
    Example(
        "von-mises",
        _angles,
        lambda X, p, _: stats.vonmises.logpdf(X[:, np.newaxis], p.concentrations, loc=p.directions),
    ),
)
