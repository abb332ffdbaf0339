"""Densities whose M-step has no closed form, or no maximum, or that make no sense; and a word of the reason."""

from derive.language import (
    Data,
    Dimension,
    Expr,
    Index,
    Known,
    Parameter,
    Positive,
    Simplex,
    exp,
    identity,
    inverse,
    log,
    logdet,
    quad,
    sqrt,
    trace,
)
from tests.em.densities import A, D, P, Sigma, count, gauss, k, location, mu, n, rate, s2, x, y
from tests.em.odd_densities import gauss1

half_line = Parameter("theta", k, domain=Positive)
REFUSED: dict[str, tuple[Expr, str]] = {
    "determinant with the wrong sign": (
        logdet(Sigma[k]) / 2 - quad(inverse(Sigma[k]), x[n] - mu[k]) / 2,
        "minimum|no maximum",
    ),
    "form with the wrong sign": (
        -logdet(Sigma[k]) / 2 + quad(inverse(Sigma[k]), x[n] - mu[k]) / 2,
        "minimum|no maximum",
    ),
    "both with the wrong sign": (
        logdet(Sigma[k]) / 2 + quad(inverse(Sigma[k]), x[n] - mu[k]) / 2,
        "minimum|no maximum",
    ),
    "scalar log with the wrong sign": (log(s2[k]) / 2 - (y[n] - location[k]) ** 2 / (2 * s2[k]), "minimum|no maximum"),
    "scalar square with the wrong sign": (
        -log(s2[k]) / 2 + (y[n] - location[k]) ** 2 / (2 * s2[k]),
        "minimum|no maximum",
    ),
    "rate with the wrong signs": (-log(rate[k]) + rate[k] * count[n], "minimum|no maximum"),
    "no determinant": (-quad(inverse(Sigma[k]), x[n] - mu[k]) / 2, "no stationary point"),
    "no logarithm": (-((y[n] - location[k]) ** 2) / (2 * s2[k]), "no stationary point"),
    "only a determinant": (-logdet(Sigma[k]) / 2 - quad(A, x[n] - mu[k]), "no stationary point"),
    "linear": (y[n] * location[k], "no stationary point"),
    "no data": (-quad(inverse(Sigma[k]), mu[k]) / 2 - logdet(Sigma[k]) / 2, "Data"),
    "log of a real parameter": (log(location[k]) - y[n] * location[k], "not known to be positive"),
    "log of real data": (log(y[n]) * location[k] - location[k] ** 2, "not known to be positive"),
    "log of a difference": (log(y[n] - location[k]), "not known to be positive"),
    "laplace": (-log(s2[k]) - sqrt((y[n] - location[k]) ** 2) / s2[k], "linear|isolated"),
    "cauchy": (-log(1 + (y[n] - location[k]) ** 2), "linear|isolated"),
    "exponential mean": (-((y[n] - exp(location[k])) ** 2), "linear|isolated"),
    "bernoulli by its log odds, of counts": (
        count[n] * location[k] - log(1 + exp(location[k])),
        "does not exist at .* check the domains of the data",
    ),
    "square of the mean": (-((y[n] - location[k] ** 2) ** 2), "linear|root"),
    "riccati": (gauss(Sigma[k], mu[k]) - trace(A * Sigma[k]) / 2, "Riccati"),
    "loadings shared, covariances not": (
        gauss(Sigma[k], Parameter("W", shape=(D, P)) * Known("f", n, shape=P)[n] + mu[k]),
        "linear, but",
    ),
    "covariance plus known": (gauss(Sigma[k] + A, mu[k]), "isolated"),
    "weight that may be negative": (-Known("t", n)[n] * (y[n] - location[k]) ** 2, "maximum"),
    "poisson of real data": (y[n] * log(rate[k]) - rate[k], "maximum|positive"),
    "positive mean of real data": (gauss1(s2[k], half_line[k]), "positive"),
    "parameter for each sample": (gauss1(s2[k], Parameter("a", n)[n]), "index"),
    "parameter for sample and component": (gauss1(s2[k], Parameter("a", k, n)[k, n]), "indices in order"),
    "data for each component": (-((Data("y", k)[k] - location[k]) ** 2), "index|sample|plate"),
    "as many samples as components": (
        -((Data("y", Index("n", "K"))[Index("n", "K")] - location[k]) ** 2),
        "size|plate|K",
    ),
    "square on a simplex": (-count[n] * Parameter("theta", k, domain=Simplex)[k] ** 2, "multiplier|theta"),
    "covariance as wide as there are components": (
        -quad(
            identity(Dimension("K")),
            Data("x", n, shape=Dimension("K"))[n] - Parameter("mu", k, shape=Dimension("K"))[k],
        ),
        "K",
    ),
}
