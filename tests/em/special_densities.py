"""Densities with special functions, each with the same density by SciPy's statistics, which share nothing with it."""

import numpy as np
from scipy import special, stats

from derive.language import (
    PI,
    Data,
    Known,
    Parameter,
    Positive,
    Probability,
    cos,
    log,
    log_bessel_i,
    log_beta,
    log_binomial,
    log_factorial,
    loggamma,
)
from tests.em.densities import case, count, k, length, n, rate, s2, scalar, t, y
from tests.language.floats import Array

share = Data("r", n, domain=Probability)
shape, shapes = Known("alpha", domain=Positive, code="shape"), Parameter("alpha", k, domain=Positive, code="shapes")
heads = Parameter("p", k, domain=Probability, code="probabilities")
other = Known("beta", domain=Positive, code="other")
angle = Known("mu", code="direction")


def gamma_density(v: dict[str, Array]) -> Array:
    return np.asarray(stats.gamma.logpdf(scalar(v, "r"), scalar(v, "alpha"), scale=1 / scalar(v, "rate")))


def weibull(v: dict[str, Array], scale: Array) -> Array:
    return np.asarray(stats.weibull_min.logpdf(scalar(v, "r"), scalar(v, "alpha"), scale=scale))


def negative_binomial(v: dict[str, Array]) -> Array:
    """By the beta function: counts of the tests are no whole numbers."""
    c, r, p = scalar(v, "c"), scalar(v, "alpha"), scalar(v, "p")
    return np.asarray(r * np.log(p) + c * np.log1p(-p) - np.log(c + r) - special.betaln(c + 1, r))


CLOSED = (
    case(
        "gamma-rates",
        shape * log(rate[k]) - loggamma(shape) + (shape - 1) * log(length[n]) - rate[k] * length[n],
        gamma_density,
    ),
    case(
        "poisson-with-factorials",
        count[n] * log(t[n] * rate[k]) - t[n] * rate[k] - log_factorial(count[n]),
        lambda v: (
            special.xlogy(scalar(v, "c"), scalar(v, "t") * scalar(v, "rate"))
            - scalar(v, "t") * scalar(v, "rate")
            - special.gammaln(scalar(v, "c") + 1)
        ),
    ),
    case(
        "negative-binomial-probabilities",
        log_binomial(count[n] + shape - 1, count[n]) + shape * log(heads[k]) + count[n] * log(1 - heads[k]),
        negative_binomial,
    ),
    case(
        "weibull-rates",
        log(shape) + log(rate[k]) + (shape - 1) * log(length[n]) - rate[k] * length[n] ** shape.symbol,
        lambda v: weibull(v, scalar(v, "rate") ** (-1 / scalar(v, "alpha"))),
    ),
    case(
        "weibull-scales",
        log(shape) - shape * log(s2[k]) + (shape - 1) * log(length[n]) - (length[n] / s2[k]) ** shape.symbol,
        lambda v: weibull(v, scalar(v, "s2")),
    ),
    case(
        "weibull-inverse-scales",
        log(shape) + shape * log(rate[k]) + (shape - 1) * log(length[n]) - (rate[k] * length[n]) ** shape.symbol,
        lambda v: weibull(v, 1 / scalar(v, "rate")),
    ),
)
ROOTS = (
    case(
        "gamma-shapes-and-rates",
        shapes[k] * log(rate[k]) - loggamma(shapes[k]) + (shapes[k] - 1) * log(length[n]) - rate[k] * length[n],
        gamma_density,
    ),
    case(
        "weibull-shapes-and-scales",
        log(shapes[k]) - shapes[k] * log(s2[k]) + (shapes[k] - 1) * log(length[n]) - (length[n] / s2[k]) ** shapes[k],
        lambda v: weibull(v, scalar(v, "s2")),
    ),
    case(
        "beta-first",
        (shapes[k] - 1) * log(share[n]) + (other - 1) * log(1 - share[n]) - log_beta(shapes[k], other),
        lambda v: np.asarray(stats.beta.logpdf(scalar(v, "r"), scalar(v, "alpha"), scalar(v, "beta"))),
    ),
    case(
        "von-mises-concentrations",
        s2[k] * cos((y[n] - angle) / 9) - log(2 * PI) - log_bessel_i(0, s2[k]),
        lambda v: np.asarray(stats.vonmises.logpdf((scalar(v, "y") - scalar(v, "mu")) / 9, scalar(v, "s2"))),
    ),
)
