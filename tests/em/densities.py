"""Densities beyond the catalogue, each with the same density written in NumPy by hand, from which Q follows."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from derive.language import (
    PI,
    Data,
    Diagonal,
    Dimension,
    Expr,
    Family,
    Index,
    Known,
    NonNegative,
    Parameter,
    Positive,
    PositiveDefinite,
    Simplex,
    Spherical,
    inverse,
    log,
    logdet,
    quad,
    trace,
)
from derive.models.mixture import Mixture
from tests.language.floats import Array

Values = dict[str, Array]

n, k, D, P = Index("n", "N"), Index("k", "K"), Dimension("D"), Dimension("P")
pi = Parameter("pi", k, domain=Simplex, code="weights")
x, y = Data("x", n, shape=D), Data("y", n)
count, length = Data("c", n, domain=NonNegative), Data("r", n, domain=Positive)
mu, centre = Parameter("mu", k, shape=D, code="means"), Parameter("m", shape=D, code="mean")
beta = Parameter("beta", k, shape=P, code="coefficients")
location, shared_location = Parameter("a", k, code="locations"), Parameter("a0", code="location")
Sigma = Parameter("Sigma", k, domain=PositiveDefinite(D), code="covariances")
Tied = Parameter("Sigma", domain=PositiveDefinite(D), code="covariance")
Spread, Ball = Parameter("Sigma", k, domain=Diagonal(D)), Parameter("Sigma", k, domain=Spherical(D))
TiedSpread, TiedBall = Parameter("Sigma", domain=Diagonal(D)), Parameter("Sigma", domain=Spherical(D))
Lambda, TiedLambda = Parameter("Lambda", k, domain=PositiveDefinite(D)), Parameter("Lambda", domain=PositiveDefinite(D))
Precisions = Parameter("Lambda", k, domain=Diagonal(D))
s2, shared_s2 = Parameter("s2", k, domain=Positive), Parameter("s20", domain=Positive)
sigma, rate = Parameter("sigma", k, domain=Positive), Parameter("rate", k, domain=Positive)
shared_rate, precision = Parameter("rate0", domain=Positive), Parameter("tau", k, domain=Positive)
A, C = Known("A", domain=PositiveDefinite(D)), Known("C", k, domain=PositiveDefinite(D))
B, Bsquare, Bk = Known("B", shape=(D, P)), Known("B", shape=(D, D)), Known("B", k, shape=(D, P))
Bn, t = Known("B", n, shape=(D, P)), Known("t", n, domain=Positive)
w = Known("w", k, domain=Simplex)


@dataclass(frozen=True)
class Case:
    """A model, and its log density as an array (N, K) from values of its symbols (plates, rows, columns).

    prior: its log prior, zero without one.
    """

    model: Mixture
    density: Callable[[Values], Array]
    prior: Callable[[Values], float] = lambda _: 0.0

    @property
    def name(self) -> str:
        return self.model.name


def case(name: str, log_density: Expr, density: Callable[[Values], Array], weights: Family = pi) -> Case:
    return Case(Mixture(name, weights=weights, log_density=log_density), density)


def each(v: Values, name: str) -> Array:
    """All members for k, also where one is shared."""
    value = v[name]
    plates = v["pi"].shape[:1] if "pi" in v else v["w"].shape[:1]
    return value if value.ndim == 3 else np.broadcast_to(value, (*plates, *value.shape))


def difference(v: Values, mean: str | Array = "mu") -> Array:
    """x_n - mean_k, as (N, K, D)."""
    means = each(v, mean) if isinstance(mean, str) else mean
    return np.asarray(v["x"][:, None, :, 0] - means[None, ..., 0])


def form(matrix: Array, vector: Array) -> Array:
    """Quadratic forms (N, K) of matrices (K, D, D) or (D, D) and vectors (N, K, D)."""
    return np.asarray(
        np.einsum("nki,kij,nkj->nk", vector, np.broadcast_to(matrix, (vector.shape[1], *matrix.shape[-2:])), vector)
    )


def normal(v: Values, name: str = "Sigma", mean: str | Array = "mu", a: float = 0.5, b: float = 0.5) -> Array:
    """-a log|Sigma_k| - b d' Sigma_k^-1 d."""
    covariances, d = each(v, name), difference(v, mean)
    return np.asarray(-a * np.log(np.linalg.det(covariances)) - b * form(np.linalg.inv(covariances), d))


def scalar(v: Values, name: str) -> Array:
    """A scalar family as (N, 1) for data or knowns over samples, as (K,) or a number otherwise."""
    value = v[name][..., 0, 0]
    return value[:, None] if name in {"y", "c", "r", "t"} else value


def gauss(covariance: Expr, mean: Expr, a: Fraction = Fraction(1, 2), b: Fraction = Fraction(1, 2)) -> Expr:
    return -a * logdet(covariance) - b * quad(inverse(covariance), x[n] - mean)


def gauss1(variance: Expr, mean: Expr) -> Expr:
    return -log(2 * PI) / 2 - log(variance) / 2 - (y[n] - mean) ** 2 / (2 * variance)


def line(v: Values, variance: Array, mean: Array) -> Array:
    return np.asarray(-np.log(2 * np.pi) / 2 - np.log(variance) / 2 - (scalar(v, "y") - mean) ** 2 / (2 * variance))


def dot(left: Array, right: Array) -> Array:
    return np.asarray(np.sum(left * right, axis=-1))


third, half = Fraction(1, 3), Fraction(1, 2)

VECTORS = (
    case("third-in-the-form", gauss(Sigma[k], mu[k], b=third), lambda v: normal(v, b=1 / 3)),
    case("third-in-the-determinant", gauss(Sigma[k], mu[k], a=third), lambda v: normal(v, a=1 / 3)),
    case("third-diagonal", gauss(Spread[k], mu[k], b=third), lambda v: normal(v, b=1 / 3)),
    case("third-tied", gauss(Tied.symbol, mu[k], b=third), lambda v: normal(v, b=1 / 3)),
    case("third-spherical", gauss(Ball[k], mu[k], b=third), lambda v: normal(v, b=1 / 3)),
    case("tied-diagonal", gauss(TiedSpread.symbol, mu[k]), normal),
    case("tied-spherical", gauss(TiedBall.symbol, mu[k]), normal),
    case(
        "form-in-the-data",
        gauss(Sigma[k], mu[k]) - quad(A, x[n]),
        lambda v: normal(v) - np.einsum("ni,ij,nj->n", v["x"][..., 0], v["A"], v["x"][..., 0])[:, None],
    ),
    case(
        "second-form",
        gauss(Sigma[k], mu[k]) - quad(A, x[n] - mu[k]) / 2,
        lambda v: normal(v) - form(v["A"], difference(v)) / 2,
    ),
    case(
        "ridge",
        gauss(Sigma[k], mu[k]) - quad(A, mu[k]) / 2,
        lambda v: normal(v) - form(v["A"], np.broadcast_to(v["mu"][None, ..., 0], difference(v).shape)) / 2,
    ),
    case("design", gauss(Sigma[k], B * beta[k]), lambda v: normal(v, mean=v["B"] @ v["beta"])),
    case("design-a-component", gauss(Sigma[k], Bk[k] * beta[k]), lambda v: normal(v, mean=v["B"] @ v["beta"])),
    case("square-design", gauss(Sigma[k], Bsquare * mu[k]), lambda v: normal(v, mean=v["B"] @ v["mu"])),
    case("tied-design", gauss(Tied.symbol, B * beta[k]), lambda v: normal(v, mean=v["B"] @ v["beta"])),
    case("diagonal-design", gauss(Spread[k], B * beta[k]), lambda v: normal(v, mean=v["B"] @ v["beta"])),
    case(
        "design-a-sample",
        gauss(Tied.symbol, Bn[n] * beta[k]),
        lambda v: (
            -np.log(np.linalg.det(v["Sigma"])) / 2
            - form(np.linalg.inv(v["Sigma"]), v["x"][:, None, :, 0] - np.einsum("nij,kjl->nki", v["B"], v["beta"])) / 2
        ),
    ),
    case("known-covariance", gauss(A.symbol, mu[k]), lambda v: normal(v, "A")),
    case("known-covariances", gauss(C[k], mu[k]), lambda v: normal(v, "C")),
    case("known-weights", gauss(Sigma[k], mu[k]), normal, weights=w),
    case("shared-mean", gauss(Sigma[k], centre.symbol), lambda v: normal(v, mean="m")),
    case("shared-mean-known", gauss(C[k], centre.symbol), lambda v: normal(v, "C", mean="m")),
    case("shared-mean-diagonal", gauss(Spread[k], centre.symbol), lambda v: normal(v, mean="m")),
    case("all-shared", gauss(Tied.symbol, centre.symbol), lambda v: normal(v, mean="m")),
    case(
        "precision",
        logdet(Lambda[k]) / 2 - quad(Lambda[k], x[n] - mu[k]) / 2,
        lambda v: np.log(np.linalg.det(v["Lambda"])) / 2 - form(v["Lambda"], difference(v)) / 2,
    ),
    case(
        "precision-tied",
        logdet(TiedLambda) / 2 - quad(TiedLambda, x[n] - mu[k]) / 2,
        lambda v: np.log(np.linalg.det(v["Lambda"])) / 2 - form(v["Lambda"], difference(v)) / 2,
    ),
    case(
        "precision-diagonal",
        logdet(Precisions[k]) / 2 - quad(Precisions[k], x[n] - mu[k]) / 2,
        lambda v: np.log(np.linalg.det(v["Lambda"])) / 2 - form(v["Lambda"], difference(v)) / 2,
    ),
    case(
        "inverse-wishart-term",
        gauss(Sigma[k], mu[k]) - trace(A * inverse(Sigma[k])) / 2,
        lambda v: normal(v) - np.trace(v["A"] @ np.linalg.inv(v["Sigma"]), axis1=-2, axis2=-1) / 2,
    ),
    case(
        "diagonal-with-a-known-full",
        gauss(Spread[k], mu[k]) - trace(A * inverse(Spread[k])) / 2,
        lambda v: normal(v) - np.trace(v["A"] @ np.linalg.inv(v["Sigma"]), axis1=-2, axis2=-1) / 2,
    ),
    case(
        "samples-with-precision-multipliers",
        D * log(t[n]) / 2 - logdet(Sigma[k]) / 2 - t[n] * quad(inverse(Sigma[k]), x[n] - mu[k]) / 2,
        lambda v: (
            v["x"].shape[1] * np.log(scalar(v, "t")) / 2
            - np.log(np.linalg.det(v["Sigma"])) / 2
            - scalar(v, "t") * form(np.linalg.inv(v["Sigma"]), difference(v)) / 2
        ),
    ),
    case(
        "scaled-known-covariance",
        -D * log(s2[k]) / 2 - quad(inverse(A), x[n] - mu[k]) / (2 * s2[k]),
        lambda v: (
            -v["x"].shape[1] * np.log(scalar(v, "s2")) / 2
            - form(np.linalg.inv(v["A"]), difference(v)) / (2 * scalar(v, "s2"))
        ),
    ),
)

SCALARS = (
    case("shared-variance", gauss1(shared_s2.symbol, location[k]), lambda v: line(v, scalar(v, "s20"), scalar(v, "a"))),
    case("shared-location", gauss1(s2[k], shared_location.symbol), lambda v: line(v, scalar(v, "s2"), scalar(v, "a0"))),
    case(
        "standard-deviation",
        -log(sigma[k]) - (y[n] - location[k]) ** 2 / (2 * sigma[k] ** 2),
        lambda v: -np.log(scalar(v, "sigma")) - (scalar(v, "y") - scalar(v, "a")) ** 2 / (2 * scalar(v, "sigma") ** 2),
    ),
    case(
        "scalar-precision",
        log(precision[k]) / 2 - precision[k] * (y[n] - location[k]) ** 2 / 2,
        lambda v: np.log(scalar(v, "tau")) / 2 - scalar(v, "tau") * (scalar(v, "y") - scalar(v, "a")) ** 2 / 2,
    ),
    case(
        "samples-with-known-times",
        log(t[n]) / 2 - log(s2[k]) / 2 - t[n] * (y[n] - location[k]) ** 2 / (2 * s2[k]),
        lambda v: (
            np.log(scalar(v, "t")) / 2
            - np.log(scalar(v, "s2")) / 2
            - scalar(v, "t") * (scalar(v, "y") - scalar(v, "a")) ** 2 / (2 * scalar(v, "s2"))
        ),
    ),
    case(
        "exponential",
        log(rate[k]) - rate[k] * count[n],
        lambda v: np.log(scalar(v, "rate")) - scalar(v, "rate") * scalar(v, "c"),
    ),
    case(
        "exponential-shared",
        log(shared_rate) - shared_rate * count[n],
        lambda v: np.log(scalar(v, "rate0")) - scalar(v, "rate0") * scalar(v, "c") + np.zeros(v["pi"].shape[0]),
    ),
    case(
        "exponential-by-its-mean",
        -log(s2[k]) - count[n] / s2[k],
        lambda v: -np.log(scalar(v, "s2")) - scalar(v, "c") / scalar(v, "s2"),
    ),
    case(
        "poisson",
        count[n] * log(rate[k]) - rate[k],
        lambda v: scalar(v, "c") * np.log(scalar(v, "rate")) - scalar(v, "rate"),
    ),
    case(
        "poisson-with-exposures",
        count[n] * log(t[n] * rate[k]) - t[n] * rate[k],
        lambda v: scalar(v, "c") * np.log(scalar(v, "t") * scalar(v, "rate")) - scalar(v, "t") * scalar(v, "rate"),
    ),
    case(
        "rayleigh",
        log(length[n]) - 2 * log(sigma[k]) - length[n] ** 2 / (2 * sigma[k] ** 2),
        lambda v: (
            np.log(scalar(v, "r"))
            - 2 * np.log(scalar(v, "sigma"))
            - scalar(v, "r") ** 2 / (2 * scalar(v, "sigma") ** 2)
        ),
    ),
    case(
        "gamma-prior-on-a-rate",
        count[n] * log(rate[k]) - rate[k] + 2 * log(rate[k]) - 3 * rate[k],
        lambda v: (scalar(v, "c") + 2) * np.log(scalar(v, "rate")) - 4 * scalar(v, "rate"),
    ),
)
