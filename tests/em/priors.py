"""Models with priors, each prior with the same log density written in NumPy by hand, its constants left out."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from derive.language import (
    AtLeast,
    Data,
    Expr,
    Index,
    Known,
    NonNegative,
    Parameter,
    Positive,
    PositiveDefinite,
    Probability,
    Simplex,
    UnitInterval,
    inverse,
    log,
    sum_over,
)
from derive.models.changes.prior import with_prior
from derive.models.mixture import Mixture
from derive.models.priors import (
    beta,
    dirichlet,
    gamma,
    inverse_gamma,
    inverse_wishart,
    normal,
    normal_inverse_wishart,
    normal_precision,
    wishart,
)
from tests.em.densities import (
    Ball,
    Case,
    D,
    Lambda,
    Sigma,
    Spread,
    Tied,
    Values,
    difference,
    form,
    gauss,
    gauss1,
    k,
    length,
    line,
    location,
    mu,
    n,
    pi,
    rate,
    s2,
    scalar,
)
from tests.em.densities import normal as normal_density
from tests.language.floats import Array

m0, S0 = Known("m0", shape=D), Known("S0", domain=PositiveDefinite(D))
mk, a0 = Known("m", k, shape=D), Known("a0")
Psi, V = Known("Psi", domain=PositiveDefinite(D)), Known("V", domain=PositiveDefinite(D))
kappa, nu = Known("kappa0", domain=Positive), Known("nu0", domain=Positive)
nu_wishart = Known("nu0", domain=AtLeast(D + 1))
shape, scale, v0 = Known("A", domain=Positive), Known("B", domain=Positive), Known("v0", domain=Positive)
shape_one, alpha = Known("A", domain=AtLeast(1)), Known("alpha", k, domain=AtLeast(1))
a1, b1 = Known("A", domain=AtLeast(1)), Known("B", domain=AtLeast(1))


def with_density(name: str, log_density: Expr, density: Callable[[Values], Array]) -> Case:
    return Case(Mixture(name, weights=pi, log_density=log_density), density)


FULL = with_density("full", gauss(Sigma[k], mu[k]), normal_density)
TIED = with_density("tied", gauss(Tied.symbol, mu[k]), normal_density)
SPREAD = with_density("diagonal", gauss(Spread[k], mu[k]), normal_density)
BALL = with_density("spherical", gauss(Ball[k], mu[k]), normal_density)
PRECISION = with_density(
    "precision",
    gauss(inverse(Lambda[k]), mu[k]),
    lambda v: np.log(np.linalg.det(v["Lambda"])) / 2 - form(v["Lambda"], difference(v)) / 2,
)
SCALAR = with_density("scalar", gauss1(s2[k], location[k]), lambda v: line(v, scalar(v, "s2"), scalar(v, "a")))
TIMES = with_density(
    "times",
    log(rate[k]) - rate[k] * length[n],
    lambda v: np.log(scalar(v, "rate")) - scalar(v, "rate") * scalar(v, "r"),
)
share, chance = Data("c", n, domain=UnitInterval), Parameter("theta", k, domain=Probability)
CHANCE = with_density(
    "chance",
    share[n] * log(chance[k]) + (1 - share[n]) * log(1 - chance[k]),
    lambda v: scalar(v, "c") * np.log(scalar(v, "theta")) + (1 - scalar(v, "c")) * np.log(1 - scalar(v, "theta")),
)
c = Index("c", "C")
parts, rows = Data("x", n, c, domain=NonNegative), Parameter("theta", k, c, domain=Simplex)
ROWS = with_density(
    "rows",
    sum_over(c, parts[n, c] * log(rows[k, c])),
    lambda v: v["x"][..., 0, 0] @ np.log(v["theta"][..., 0, 0]).T,
)


def case(name: str, of: Case, log_prior: Expr, prior: Callable[[Values], float]) -> Case:
    return Case(replace(with_prior(of.model, log_prior), name=name), of.density, prior)


def total(value: Array) -> float:
    return float(np.sum(value))


def logdet(matrices: Array) -> Array:
    return np.asarray(np.log(np.linalg.det(matrices)))


def traces(first: Array, second: Array) -> Array:
    return np.asarray(np.trace(first @ second, axis1=-2, axis2=-1))


def around(v: Values, precision: Array, mean: str = "m0") -> Array:
    """(mu_k - m0)' P_k (mu_k - m0), one for each k."""
    d = v["mu"] - v[mean]
    return np.asarray((np.swapaxes(d, -1, -2) @ precision @ d)[..., 0, 0])


def wishart_exponent(v: Values, name: str, degrees: float) -> float:
    """The log of an inverse-Wishart density of each covariance, with exponent -degrees / 2 of the determinant."""
    return total(-degrees * logdet(v[name]) / 2 - traces(v["Psi"], np.linalg.inv(v[name])) / 2)


def number(v: Values, name: str) -> float:
    return float(v[name][0, 0])


PRIORS = (
    case(
        "normal-on-means",
        FULL,
        normal(mu[k], m0, S0),
        lambda v: -total(around(v, np.linalg.inv(v["S0"]))) / 2,
    ),
    case(
        "normal-on-means-each-its-own",
        SPREAD,
        normal(mu[k], mk[k], v0),
        lambda v: -total(around(v, np.eye(3) / number(v, "v0"), "m")) / 2,
    ),
    case(
        "normal-by-precision",
        BALL,
        normal_precision(mu[k], 0, S0),
        lambda v: -total(np.swapaxes(v["mu"], -1, -2) @ v["S0"] @ v["mu"]) / 2,
    ),
    case(
        "normal-on-a-number",
        SCALAR,
        normal(location[k], a0, v0),
        lambda v: -total((v["a"] - v["a0"]) ** 2) / (2 * number(v, "v0")),
    ),
    case(
        "normal-inverse-wishart",
        FULL,
        normal_inverse_wishart(mu[k], Sigma[k], m0, kappa, Psi, nu),
        lambda v: (
            wishart_exponent(v, "Sigma", number(v, "nu0") + 3 + 2)
            - number(v, "kappa0") * total(around(v, np.linalg.inv(v["Sigma"]))) / 2
        ),
    ),
    case(
        "inverse-wishart",
        FULL,
        inverse_wishart(Sigma[k], Psi, nu),
        lambda v: wishart_exponent(v, "Sigma", number(v, "nu0") + 3 + 1),
    ),
    case(
        "inverse-wishart-with-numbers",
        FULL,
        inverse_wishart(Sigma[k], 2, 5),
        lambda v: total(-(5 + 3 + 1) * logdet(v["Sigma"]) / 2 - traces(2 * np.eye(3), np.linalg.inv(v["Sigma"])) / 2),
    ),
    case(
        "inverse-wishart-tied",
        TIED,
        inverse_wishart(Tied.symbol, Psi, nu),
        lambda v: wishart_exponent(v, "Sigma", number(v, "nu0") + 3 + 1),
    ),
    case(
        "inverse-wishart-diagonal",
        SPREAD,
        inverse_wishart(Spread[k], Psi, nu),
        lambda v: wishart_exponent(v, "Sigma", number(v, "nu0") + 3 + 1),
    ),
    case(
        "inverse-wishart-spherical",
        BALL,
        inverse_wishart(Ball[k], Psi, nu),
        lambda v: wishart_exponent(v, "Sigma", number(v, "nu0") + 3 + 1),
    ),
    case(
        "wishart",
        PRECISION,
        wishart(Lambda[k], V, nu_wishart),
        lambda v: (
            (number(v, "nu0") - 3 - 1) * total(logdet(v["Lambda"])) / 2
            - total(traces(np.linalg.inv(v["V"]), v["Lambda"])) / 2
        ),
    ),
    case(
        "inverse-gamma",
        SCALAR,
        inverse_gamma(s2[k], shape, scale),
        lambda v: -(number(v, "A") + 1) * total(np.log(v["s2"])) - number(v, "B") * total(1 / v["s2"]),
    ),
    case(
        "gamma-on-rates",
        TIMES,
        gamma(rate[k], shape_one, scale),
        lambda v: (number(v, "A") - 1) * total(np.log(v["rate"])) - number(v, "B") * total(v["rate"]),
    ),
    case(
        "beta",
        CHANCE,
        beta(chance[k], a1, b1),
        lambda v: (
            (number(v, "A") - 1) * total(np.log(v["theta"])) + (number(v, "B") - 1) * total(np.log(1 - v["theta"]))
        ),
    ),
    case("dirichlet", TIMES, dirichlet(pi[k], alpha), lambda v: total((v["alpha"] - 1) * np.log(v["pi"]))),
    case("dirichlet-with-a-number", TIMES, dirichlet(pi, 3), lambda v: 2 * total(np.log(v["pi"]))),
    case("dirichlet-on-rows", ROWS, dirichlet(rows[k, c], 2), lambda v: total(np.log(v["theta"]))),
    case(
        "three-priors",
        FULL,
        normal(mu[k], m0, S0) + inverse_wishart(Sigma[k], Psi, nu) + dirichlet(pi, alpha),
        lambda v: (
            -total(around(v, np.linalg.inv(v["S0"]))) / 2
            + wishart_exponent(v, "Sigma", number(v, "nu0") + 3 + 1)
            + total((v["alpha"] - 1) * np.log(v["pi"]))
        ),
    ),
)
