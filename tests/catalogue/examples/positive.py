"""Positive numbers."""

import numpy as np
from scipy import stats

from tests.catalogue.example import Array, Example, Knowns


def _gamma(rng: np.random.Generator, N: int, _: int) -> tuple[Array, Knowns]:
    return rng.gamma(rng.choice([2.0, 9.0], N)), {}


def _pareto(rng: np.random.Generator, N: int, _: int) -> tuple[Array, Knowns]:
    return 1.5 * (1 + rng.pareto(rng.choice([1.0, 4.0], N))), {"scale": np.array(1.5)}


EXAMPLES = (
    Example(
        "exponential", _gamma, lambda X, p, _: stats.expon.logpdf(X[:, np.newaxis], scale=1 / p.rates), outside=(-0.1,)
    ),
    Example(
        "rayleigh", _gamma, lambda X, p, _: stats.rayleigh.logpdf(X[:, np.newaxis], scale=p.scales), outside=(0, -1)
    ),
    Example(
        "maxwell-boltzmann",
        _gamma,
        lambda X, p, _: stats.maxwell.logpdf(X[:, np.newaxis], scale=p.scales),
        outside=(0, -1),
    ),
    Example(
        "log-normal",
        _gamma,
        lambda X, p, _: stats.lognorm.logpdf(X[:, np.newaxis], np.sqrt(p.variances), scale=np.exp(p.means)),
        outside=(0, -1),
    ),
    Example(
        "inverse-gaussian",
        _gamma,
        lambda X, p, _: stats.invgauss.logpdf(X[:, np.newaxis], p.means / p.shapes, scale=p.shapes),
        outside=(0, -1),
    ),
    Example(
        "pareto",
        _pareto,
        lambda X, p, knowns: stats.pareto.logpdf(X[:, np.newaxis], p.shapes, scale=knowns["scale"]),
        outside=(1.4, -1),
    ),
)
