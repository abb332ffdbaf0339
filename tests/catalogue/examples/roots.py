"""Models whose updates are found numerically: a root in one unknown, or Newton's method in several."""

import numpy as np
from scipy import stats

from tests.catalogue.example import Array, Example, Knowns


def _gamma(rng: np.random.Generator, N: int, _: int) -> tuple[Array, Knowns]:
    return rng.gamma(rng.choice([2.0, 9.0], N)), {}


def _largest(rng: np.random.Generator, N: int, _: int) -> tuple[Array, Knowns]:
    return rng.gumbel(rng.choice([-4.0, 3.0], N), 1.5), {}


def _fractions(rng: np.random.Generator, N: int, _: int) -> tuple[Array, Knowns]:
    return rng.beta(rng.choice([2.0, 9.0], N), 3.0), {}


def _rows(rng: np.random.Generator, N: int, D: int) -> tuple[Array, Knowns]:
    rows = rng.gamma(rng.uniform(0.5, 6.0, D), size=(N, D))
    return rows / rows.sum(axis=1, keepdims=True), {}


def _dirichlet(X: Array, p: object, _: Knowns) -> Array:
    concentrations = p.concentrations  # type: ignore[attr-defined]
    return np.stack([stats.dirichlet.logpdf((X / X.sum(axis=1, keepdims=True)).T, c) for c in concentrations], axis=1)


EXAMPLES = (
    Example(
        "gamma",
        _gamma,
        lambda X, p, _: stats.gamma.logpdf(X[:, np.newaxis], p.shapes, scale=1 / p.rates),
        outside=(0, -1),
        gap=1e-8,
    ),
    Example(
        "weibull",
        _gamma,
        lambda X, p, _: stats.weibull_min.logpdf(X[:, np.newaxis], p.shapes, scale=p.rates ** (-1 / p.shapes)),
        outside=(0, -1),
        gap=1e-8,
    ),
    Example(
        "gumbel",
        _largest,
        lambda X, p, _: stats.gumbel_r.logpdf(X[:, np.newaxis], p.locations, p.scales),
        gap=1e-8,
    ),
    Example(
        "beta",
        _fractions,
        lambda X, p, _: stats.beta.logpdf(X[:, np.newaxis], p.a, p.b),
        outside=(0, 1, -0.5),
        gap=1e-8,
    ),
    Example("dirichlet", _rows, _dirichlet, outside=(-0.5,), gap=1e-8),
)
