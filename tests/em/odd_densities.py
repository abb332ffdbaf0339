"""Densities made to mislead: an answer that is given must be right, and a refusal must have a reason."""

import numpy as np

from derive.language import (
    Expr,
    Index,
    Known,
    NonNegative,
    Parameter,
    Positive,
    PositiveDefinite,
    Simplex,
    exp,
    log,
    quad,
    sqrt,
    sum_over,
)
from tests.em.densities import (
    D,
    P,
    Sigma,
    case,
    count,
    difference,
    form,
    gauss,
    k,
    length,
    line,
    location,
    mu,
    n,
    normal,
    pi,
    rate,
    s2,
    scalar,
    shared_location,
    shared_rate,
    sigma,
    x,
    y,
)

j = Index("j", "K")
above = Parameter("a", k, domain=NonNegative, code="locations")
chance = Parameter("theta", k, domain=Simplex)
offset, other = Parameter("b", k), Known("da", k)
known_inverse, known_inverses = (
    Known("Sigma_inverse", domain=PositiveDefinite(D)),
    Known("Sigma_inverse", k, domain=PositiveDefinite(D)),
)
scale_inverse, M, b = Known("s2_inverse", k, domain=Positive), Known("M", shape=(D, D)), Known("b", n, k)
W, f = Parameter("W", k, shape=(D, P)), Known("f", n, shape=P)
multiplier = Known("t", n, domain=NonNegative)


def gauss1(variance: Expr, mean: Expr) -> Expr:
    return -log(variance) / 2 - (y[n] - mean) ** 2 / (2 * variance)


RIGHT_OR_REFUSED = (
    case(
        "log-linear",
        location[k] / 2 - exp(location[k]) * y[n] ** 2,
        lambda v: scalar(v, "a") / 2 - np.exp(scalar(v, "a")) * scalar(v, "y") ** 2,
    ),
    case(
        "quartic",
        -((y[n] - location[k]) ** 4),
        lambda v: -((scalar(v, "y") - scalar(v, "a")) ** 4),
    ),
    case(
        "mean-that-must-not-be-negative",
        -((y[n] + 2 - above[k]) ** 2) / 2 - 3 * above[k],
        lambda v: -((scalar(v, "y") + 2 - scalar(v, "a")) ** 2) / 2 - 3 * scalar(v, "a"),
    ),
    case(
        "weights-inside-the-density",
        -((y[n] - above[k]) ** 2) / 2 + above[k] * log(pi[k]),
        lambda v: -((scalar(v, "y") - scalar(v, "a")) ** 2) / 2 + scalar(v, "a") * np.log(scalar(v, "pi")),
    ),
    case(
        "poisson-that-may-be-zero",
        count[n] * log(above[k]) - above[k],
        lambda v: scalar(v, "c") * np.log(scalar(v, "a")) - scalar(v, "a"),
    ),
    case(
        "log-weights-twice",
        gauss1(s2[k], location[k]) + log(pi[k]),
        lambda v: line(v, scalar(v, "s2"), scalar(v, "a")) + np.log(scalar(v, "pi")),
    ),
    case(
        "weights-to-a-negative-power",
        -(y[n] ** 2) * exp(0) - 2 * log(pi[k]) + 0 * location[k],
        lambda v: -(scalar(v, "y") ** 2) - 2 * np.log(scalar(v, "pi")),
    ),
    case(
        "linear-in-the-weights",
        gauss1(s2[k], location[k]) - pi[k],
        lambda v: line(v, scalar(v, "s2"), scalar(v, "a")) - scalar(v, "pi"),
    ),
    case("second-simplex", count[n] * log(chance[k]), lambda v: scalar(v, "c") * np.log(scalar(v, "theta"))),
    case("second-simplex-of-real-data", y[n] * log(chance[k]), lambda v: scalar(v, "y") * np.log(scalar(v, "theta"))),
    case(
        "known-called-as-the-inverse",
        gauss(Sigma[k], mu[k]) - quad(known_inverses[k], x[n] - mu[k]) / 2,
        lambda v: normal(v) - form(v["Sigma_inverse"], difference(v)) / 2,
    ),
    case(
        "known-called-as-the-differential",
        gauss1(s2[k], location[k]) + other[k] * location[k],
        lambda v: line(v, scalar(v, "s2"), scalar(v, "a")) + scalar(v, "da") * scalar(v, "a"),
    ),
    case(
        "known-called-as-the-inverse-scalar",
        gauss1(s2[k], location[k]) - scale_inverse[k] / s2[k],
        lambda v: line(v, scalar(v, "s2"), scalar(v, "a")) - scalar(v, "s2_inverse") / scalar(v, "s2"),
    ),
    case(
        "product-of-two",
        -((y[n] - location[k] * shared_location) ** 2),
        lambda v: -((scalar(v, "y") - scalar(v, "a") * scalar(v, "a0")) ** 2),
    ),
    case(
        "sum-of-three",
        -((y[n] - location[k] - shared_location - offset[k]) ** 2),
        lambda v: -((scalar(v, "y") - scalar(v, "a") - scalar(v, "a0") - scalar(v, "b")) ** 2),
    ),
    case(
        "rates-multiplied",
        count[n] * log(rate[k] * shared_rate) - rate[k] * shared_rate,
        lambda v: (
            scalar(v, "c") * np.log(scalar(v, "rate") * scalar(v, "rate0")) - scalar(v, "rate") * scalar(v, "rate0")
        ),
    ),
    case(
        "square-of-a-rate",
        -((count[n] - rate[k] ** 2) ** 2),
        lambda v: -((scalar(v, "c") - scalar(v, "rate") ** 2) ** 2),
    ),
    case(
        "cubic-of-a-rate",
        count[n] * rate[k] - rate[k] ** 3 / 3,
        lambda v: scalar(v, "c") * scalar(v, "rate") - scalar(v, "rate") ** 3 / 3,
    ),
    case(
        "root-of-a-rate",
        count[n] * sqrt(rate[k]) - rate[k],
        lambda v: scalar(v, "c") * np.sqrt(scalar(v, "rate")) - scalar(v, "rate"),
    ),
    case(
        "rate-and-its-root",
        log(rate[k]) - sqrt(rate[k]) * count[n],
        lambda v: np.log(scalar(v, "rate")) - np.sqrt(scalar(v, "rate")) * scalar(v, "c"),
    ),
    case(
        "variance-on-both-sides",
        -count[n] / s2[k] - s2[k],
        lambda v: -scalar(v, "c") / scalar(v, "s2") - scalar(v, "s2"),
    ),
    case(
        "variance-squared",
        -count[n] / s2[k] ** 2 - log(s2[k]),
        lambda v: -scalar(v, "c") / scalar(v, "s2") ** 2 - np.log(scalar(v, "s2")),
    ),
    case(
        "root-of-a-variance",
        -count[n] / sqrt(s2[k]) - log(s2[k]),
        lambda v: -scalar(v, "c") / np.sqrt(scalar(v, "s2")) - np.log(scalar(v, "s2")),
    ),
    case(
        "penalised-variance",
        -count[n] / s2[k] - s2[k] - log(s2[k]),
        lambda v: -scalar(v, "c") / scalar(v, "s2") - scalar(v, "s2") - np.log(scalar(v, "s2")),
    ),
    case(
        "mean-is-the-deviation",
        -log(sigma[k]) - (y[n] - sigma[k]) ** 2 / (2 * sigma[k] ** 2),
        lambda v: (
            -np.log(scalar(v, "sigma")) - (scalar(v, "y") - scalar(v, "sigma")) ** 2 / (2 * scalar(v, "sigma") ** 2)
        ),
    ),
    case(
        "pulled-to-each-other",
        -((y[n] - location[k]) ** 2) - sum_over(j, (location[k] - location[j]) ** 2),
        lambda v: (
            -((scalar(v, "y") - scalar(v, "a")) ** 2) - ((scalar(v, "a")[:, None] - scalar(v, "a")) ** 2).sum(axis=1)
        ),
    ),
    case(
        "pulled-to-zero-together",
        -((y[n] - location[k]) ** 2) - sum_over(k, location[k] ** 2),
        lambda v: -((scalar(v, "y") - scalar(v, "a")) ** 2) - (scalar(v, "a") ** 2).sum(),
    ),
    case(
        "all-samples-in-each",
        gauss1(s2[k], location[k]) - sum_over(Index("m", "N"), (y[Index("m", "N")] - location[k]) ** 2),
        lambda v: line(v, scalar(v, "s2"), scalar(v, "a")) - ((scalar(v, "y") - scalar(v, "a")) ** 2).sum(axis=0),
    ),
    case(
        "known-for-sample-and-component",
        gauss1(s2[k], b[n, k] * shared_location),
        lambda v: line(v, scalar(v, "s2"), v["b"][..., 0, 0] * scalar(v, "a0")),
    ),
    case(
        "samples-that-may-not-count",
        -multiplier[n] * (y[n] - location[k]) ** 2,
        lambda v: -scalar(v, "t") * (scalar(v, "y") - scalar(v, "a")) ** 2,
    ),
    case(
        "log-normal",
        -log(s2[k]) / 2 - (log(length[n]) - location[k]) ** 2 / (2 * s2[k]),
        lambda v: -np.log(scalar(v, "s2")) / 2 - (np.log(scalar(v, "r")) - scalar(v, "a")) ** 2 / (2 * scalar(v, "s2")),
    ),
    case(
        "laplace-about-zero",
        -log(s2[k]) - sqrt(y[n] ** 2) / s2[k],
        lambda v: -np.log(scalar(v, "s2")) - np.abs(scalar(v, "y")) / scalar(v, "s2"),
    ),
    case(
        "names-of-the-algorithm",
        -((y[n] - Parameter("nu", k)[k]) ** 2) * Parameter("gamma", k, domain=Positive)[k]
        + log(Parameter("gamma", k, domain=Positive)[k]),
        lambda v: -scalar(v, "gamma") * (scalar(v, "y") - scalar(v, "nu")) ** 2 + np.log(scalar(v, "gamma")),
    ),
)
