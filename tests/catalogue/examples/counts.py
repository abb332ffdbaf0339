"""Counts and categories."""

from typing import Any

import numpy as np
from scipy import stats

from tests.catalogue.example import Array, Example, Knowns

Drawn = tuple[Array, Knowns]


def _bernoulli(rng: np.random.Generator, N: int, D: int) -> Drawn:
    return rng.binomial(1, rng.uniform(0.2, 0.8, (N, D))).astype(float), {}


def _binomial(rng: np.random.Generator, N: int, _: int) -> Drawn:
    trials = rng.integers(1, 12, N).astype(float)
    return rng.binomial(trials.astype(int), rng.choice([0.2, 0.7], N)).astype(float), {"trials": trials}


def _categorical(rng: np.random.Generator, N: int, D: int) -> Drawn:
    return rng.multinomial(1, rng.dirichlet(np.full(D, 2.0)), N).astype(float), {}


def _multinomial(rng: np.random.Generator, N: int, D: int) -> Drawn:
    chances = rng.dirichlet(np.full(D, 2.0), N)
    return np.stack([rng.multinomial(rng.integers(0, 15), p) for p in chances]).astype(float), {}


def _multinomial_density(X: Array, parameters: Any, _: Knowns) -> Array:
    totals = X.sum(axis=1)
    return np.stack([stats.multinomial.logpmf(X, totals, p / p.sum()) for p in parameters.probabilities], axis=1)


def _poisson(rng: np.random.Generator, N: int, _: int) -> Drawn:
    exposures = rng.gamma(3.0, size=N)
    return rng.poisson(exposures * rng.choice([0.5, 4.0], N)).astype(float), {"exposures": exposures}


def _geometric(rng: np.random.Generator, N: int, _: int) -> Drawn:
    return rng.geometric(rng.choice([0.2, 0.7], N)) - 1.0, {}


def _overdispersed(rng: np.random.Generator, N: int, _: int) -> Drawn:
    return rng.negative_binomial(0.8, rng.choice([0.1, 0.4], N)).astype(float), {}


EXAMPLES = (
    Example(
        "negative-binomial",
        _overdispersed,
        lambda X, p, _: stats.nbinom.logpmf(X[:, np.newaxis], p.sizes, p.probabilities),
        outside=(-1, 0.5),
        sweeps=300,
    ),
    Example(
        "bernoulli",
        _bernoulli,
        lambda X, p, _: stats.bernoulli.logpmf(X[:, np.newaxis], p.probabilities).sum(axis=2),
        outside=(2, 0.5, -1),
    ),
    Example(
        "binomial",
        _binomial,
        lambda X, p, knowns: stats.binom.logpmf(X[:, np.newaxis], knowns["trials"][:, np.newaxis], p.probabilities),
        outside=(-1, 0.5, 12),
    ),
    Example("categorical", _categorical, lambda X, p, _: X @ np.log(p.probabilities).T, outside=(2, 0.5)),
    Example("multinomial", _multinomial, _multinomial_density, outside=(-1, 1.5)),
    Example(
        "poisson",
        _poisson,
        lambda X, p, knowns: stats.poisson.logpmf(X[:, np.newaxis], knowns["exposures"][:, np.newaxis] * p.rates),
        outside=(-1, 1.5),
    ),
    Example(
        "geometric",
        _geometric,
        lambda X, p, _: stats.geom.logpmf(X[:, np.newaxis] + 1, p.probabilities),
        outside=(-1, 0.5),
    ),
)
