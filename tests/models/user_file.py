"""What the tests know of the user files: data, known constants, and the log density by SciPy or by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

Array = NDArray[Any]
Random = np.random.Generator


@dataclass(frozen=True)
class UserFile:
    """A file: how to draw its data, log f(x_n | theta_k) of data, parameters p and knowns w, and known constants."""

    data: Callable[[Random, int], Array]
    log_density: Callable[[Array, Any, Any], Any]
    knowns: Callable[[Random, int, int], dict[str, Array]] = lambda rng, samples, components: {}


def _real(rng: Random, samples: int) -> Array:
    return rng.normal(0.4, 1.3, samples)


def _positive(rng: Random, samples: int) -> Array:
    return rng.gamma(2.0, 1.5, samples)


def _counts(rng: Random, samples: int) -> Array:
    return rng.poisson(2.5, samples).astype(float)


def _bits(rng: Random, samples: int) -> Array:
    return rng.binomial(1, 0.4, samples).astype(float)


def _column(x: Array) -> Array:
    return np.asarray(x)[:, None]


def _normal(x: Array, mean: Any, variance: Any) -> Any:
    return stats.norm.logpdf(_column(x), mean, np.sqrt(variance))


def _numbers(p: Any) -> Array:
    return np.arange(1, len(p.pi) + 1)


def _times(rng: Random, samples: int, _: int) -> dict[str, Array]:
    return {"t": rng.normal(size=samples)}


RIGHT = {
    "comb": UserFile(_real, lambda x, p, _: _normal(x, p.a + p.b * _numbers(p), p.s2)),
    "mirrored_means": UserFile(_real, lambda x, p, _: _normal(x, np.where(_numbers(p) == 1, -p.c, p.c), p.s2)),
    "non_negative_mean": UserFile(_real, lambda x, p, _: _normal(x, p.mu, p.s2)),
    "precision_multipliers": UserFile(
        _real,
        lambda x, p, w: _normal(x, p.mu, p.s2 / _column(w["w"])),
        lambda rng, samples, _: {"w": rng.uniform(0.3, 3, samples)},
    ),
    "heteroscedastic_regression": UserFile(
        _real,
        lambda x, p, w: _normal(x, p.a + p.b * _column(w["t"]), p.s2 * _column(w["v"])),
        lambda rng, samples, _: {"t": rng.normal(size=samples), "v": rng.uniform(0.3, 3, samples)},
    ),
    "may_be_zero": UserFile(
        _real,
        lambda x, p, w: _normal(x, p.a + p.b * _column(w["t"]), 1.0),
        lambda rng, samples, _: {"t": rng.normal(size=samples)},
    ),
    "poisson_regression": UserFile(
        _counts, lambda x, p, w: stats.poisson.logpmf(_column(x), np.exp(p.b * _column(w["t"]))), _times
    ),
    "uniform": UserFile(_positive, lambda x, p, _: stats.uniform.logpdf(_column(x), 0, p.theta)),
    "gamma_scale": UserFile(_positive, lambda x, p, _: stats.gamma.logpdf(_column(x), p.a, scale=p.s)),
    "gamma_mean": UserFile(_positive, lambda x, p, _: stats.gamma.logpdf(_column(x), p.a, scale=p.m / p.a)),
    "negative_binomial_mean": UserFile(
        lambda rng, samples: rng.negative_binomial(1.3, 0.25, samples).astype(float),
        lambda x, p, _: stats.nbinom.logpmf(_column(x), p.r, p.r / (p.r + p.m)),
    ),
    "gamma_shared_shape": UserFile(_positive, lambda x, p, _: stats.gamma.logpdf(_column(x), p.a, scale=1 / p.b)),
    "weibull_scale": UserFile(_positive, lambda x, p, _: stats.weibull_min.logpdf(_column(x), p.a, scale=p.s)),
    "weibull_shared_shape": UserFile(
        _positive, lambda x, p, _: stats.weibull_min.logpdf(_column(x), p.a, scale=p.b ** (-1 / p.a))
    ),
    "poisson_regression_shared": UserFile(
        _counts, lambda x, p, w: stats.poisson.logpmf(_column(x), p.lam * np.exp(p.b * _column(w["t"]))), _times
    ),
    "exposed_poisson_regression": UserFile(
        _counts,
        lambda x, p, w: stats.poisson.logpmf(_column(x), p.lam * np.exp(p.b * _column(w["t"])) * _column(w["e"])),
        lambda rng, samples, _: {"t": rng.normal(size=samples), "e": rng.uniform(0.3, 3, samples)},
    ),
    "poisson_regression_with_intercept": UserFile(
        _counts, lambda x, p, w: stats.poisson.logpmf(_column(x), np.exp(p.a + p.b * _column(w["t"]))), _times
    ),
    "bernoulli_log_odds": UserFile(_bits, lambda x, p, _: stats.bernoulli.logpmf(_column(x), special.expit(p.a))),
    "logistic_regression": UserFile(
        _bits,
        lambda x, p, w: stats.bernoulli.logpmf(_column(x), special.expit(p.a + p.b * _column(w["x"]))),
        lambda rng, samples, _: {"x": rng.normal(size=samples)},
    ),
    "log_logistic": UserFile(_positive, lambda x, p, _: stats.fisk.logpdf(_column(x), p.a, scale=p.s)),
    "lomax": UserFile(
        lambda rng, samples: stats.lomax.rvs(2.5, scale=1.7, size=samples, random_state=rng),
        lambda x, p, _: stats.lomax.logpdf(_column(x), p.a, scale=p.s),
    ),
    "power_function": UserFile(
        lambda rng, samples: rng.beta(2.0, 1.5, samples), lambda x, p, _: stats.beta.logpdf(_column(x), p.a, 1)
    ),
    "lomax_known_scale": UserFile(
        _positive, lambda x, p, w: stats.lomax.logpdf(_column(x), p.a, scale=w["s"]), lambda *_: {"s": np.array(1.7)}
    ),
    "zero_inflated_poisson": UserFile(
        lambda rng, samples: _counts(rng, samples) * (rng.random(samples) < 0.6),
        lambda x, p, _: np.column_stack(
            [stats.poisson.logpmf(_column(x), p.lam), np.where(_column(x) == 0, 0, -np.inf)]
        ),
    ),
    "inverse_gamma": UserFile(
        lambda rng, samples: 1 / rng.gamma(2.0, 1.5, samples),
        lambda x, p, _: stats.invgamma.logpdf(_column(x), p.a, scale=p.b),
    ),
    "laplace_scale": UserFile(_real, lambda x, p, _: stats.laplace.logpdf(_column(x), p.m, p.s)),
    "half_normal": UserFile(_positive, lambda x, p, _: stats.halfnorm.logpdf(_column(x), 0, p.s)),
    "maxwell_precision": UserFile(_positive, lambda x, p, _: stats.maxwell.logpdf(_column(x), scale=1 / np.sqrt(p.b))),
    "erlang": UserFile(
        _positive,
        lambda x, p, w: stats.gamma.logpdf(_column(x), w["r"], scale=1 / p.b),
        lambda *_: {"r": np.array(3.0)},
    ),
    "autoregression": UserFile(
        _real,
        lambda x, p, w: _normal(x, p.phi * _column(w["z"]), p.s2),
        lambda rng, samples, _: {"z": rng.normal(size=samples)},
    ),
    "exponential_shared": UserFile(
        _positive,
        lambda x, p, w: stats.expon.logpdf(_column(x), scale=1 / (w["c"] * p.lam)),
        lambda rng, _, components: {"c": rng.uniform(0.5, 2, components)},
    ),
    "gumbel_scale_known": UserFile(
        _real, lambda x, p, w: stats.gumbel_r.logpdf(_column(x), p.m, w["s"]), lambda *_: {"s": np.array(0.7)}
    ),
    "known_variation": UserFile(
        _real, lambda x, p, w: _normal(x, p.m, w["c"] * p.m**2), lambda *_: {"c": np.array(0.6)}
    ),
    "signal_variance": UserFile(_real, lambda x, p, _: _normal(x, p.m, p.m)),
    "gumbel_shared_scale": UserFile(_real, lambda x, p, _: stats.gumbel_r.logpdf(_column(x), p.m, p.s)),
    "gains": UserFile(_real, lambda x, p, w: _normal(x, p.a * p.b * _column(w["t"]), p.s2), _times),
    "inverse_gaussian_shared_mean": UserFile(
        _positive, lambda x, p, _: stats.invgauss.logpdf(_column(x), p.m / p.lam, scale=p.lam)
    ),
}

REFUSED = {
    "beta_mean": "not shown to be",
    "cauchy": "one root only",
    "exponential_growth": "one root only",
    "gompertz": "one root only",
    "kumaraswamy": "not known to be positive",
    "logarithmic_series": "one root only",
    "logistic": "one root only",
    "rice": "one root only",
    "zero_truncated_poisson": "not known to be positive",
}
