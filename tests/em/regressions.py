"""Densities with regressors, ridges and known scales: parameters that are matrices, or stand in two places."""

import numpy as np

from derive.language import (
    Data,
    Expr,
    Index,
    Known,
    Parameter,
    Positive,
    PositiveDefinite,
    Simplex,
    inverse,
    log,
    logdet,
    quad,
    trace,
)
from derive.models.mixture import Mixture
from tests.em.densities import (
    A,
    Case,
    D,
    P,
    Sigma,
    Values,
    case,
    centre,
    form,
    gauss,
    gauss1,
    k,
    length,
    line,
    n,
    normal,
    rate,
    s2,
    scalar,
    x,
)
from tests.language.floats import Array

W, w, f = Parameter("W", k, shape=(D, P)), Parameter("w", k, shape=P), Known("f", n, shape=P)
C, mu = Known("C", k, domain=PositiveDefinite(D)), Parameter("mu", k, shape=D)
direction, place = Known("u", n, shape=D), Parameter("z", k)
across = Parameter("W", k, shape=(P, D))
i, c = Index("i", "M"), Index("c", "C")
other, weights = Data("x", i, shape=D), Parameter("q", c, domain=Simplex)
centres, spreads = Parameter("gamma", c, shape=D), Parameter("lam", c, domain=PositiveDefinite(D))


def fitted(v: Values) -> Array:
    """W_k f_n, as (N, K, D)."""
    return np.asarray(np.einsum("kdp,np->nkd", v["W"], v["f"][..., 0]))


def predicted(v: Values) -> Array:
    """w_k' f_n, as (N, K)."""
    return np.asarray(v["f"][..., 0] @ v["w"][..., 0].T)


def residual(v: Values, name: str, means: Array) -> Array:
    return np.asarray(-form(np.linalg.inv(v[name]), v["x"][:, None, :, 0] - means) / 2)


def determinant(v: Values, name: str) -> Array:
    return np.asarray(np.log(np.linalg.det(v[name])) / 2)


def inverse_gaussian(mean: Expr, shape: Expr) -> Expr:
    return log(shape) / 2 - shape * (length[n] - mean) ** 2 / (2 * mean**2 * length[n])


REGRESSIONS = (
    case("regression", gauss1(s2[k], f[n].T * w[k]), lambda v: line(v, scalar(v, "s2"), predicted(v))),
    case(
        "ridge-regression",
        gauss1(s2[k], f[n].T * w[k]) - w[k].T * w[k] / 2,
        lambda v: line(v, scalar(v, "s2"), predicted(v)) - (v["w"][..., 0] ** 2).sum(axis=-1) / 2,
    ),
    case(
        "loadings-with-a-ridge",
        -quad(A, x[n] - W[k] * f[n]) / 2 - trace(W[k].T * A * W[k]) / 2,
        lambda v: (
            -form(v["A"], v["x"][:, None, :, 0] - fitted(v)) / 2
            - np.einsum("kdp,de,kep->k", v["W"], v["A"], v["W"]) / 2
        ),
    ),
    case(
        "loadings-with-their-own-ridge",
        gauss(Sigma[k], W[k] * f[n]) - trace(W[k].T * inverse(Sigma[k]) * W[k]) / 2,
        lambda v: (
            -determinant(v, "Sigma")
            + residual(v, "Sigma", fitted(v))
            - np.einsum("kdp,kde,kep->k", v["W"], np.linalg.inv(v["Sigma"]), v["W"]) / 2
        ),
    ),
    case(
        "loadings-transposed",
        gauss(A.symbol, across[k].T * f[n]),
        lambda v: residual(v, "A", fitted({**v, "W": np.swapaxes(v["W"], -1, -2)})) - determinant(v, "A"),
    ),
    case(
        "scale-of-a-mean",
        gauss(A.symbol, place[k] * mu[k]),
        lambda v: residual(v, "A", (v["z"] * v["mu"])[None, ..., 0]) - determinant(v, "A"),
    ),
    case(
        "known-directions",
        gauss(C[k], place[k] * direction[n]),
        lambda v: residual(v, "C", scalar(v, "z")[:, None] * v["u"][:, None, :, 0]) - determinant(v, "C"),
    ),
    case(
        "mean-in-two-places",
        gauss(A.symbol, mu[k]) - quad(C[k], mu[k] - centre) / 2,
        lambda v: normal(v, "A") - np.einsum("kdi,kde,kei->k", v["mu"] - v["m"], v["C"], v["mu"] - v["m"]) / 2,
    ),
    case(
        "inverse-gaussian",
        inverse_gaussian(s2[k], rate[k]),
        lambda v: (
            np.log(scalar(v, "rate")) / 2
            - scalar(v, "rate") * (scalar(v, "r") - scalar(v, "s2")) ** 2 / (2 * scalar(v, "s2") ** 2 * scalar(v, "r"))
        ),
    ),
    case(
        "noise-of-a-known-scale",
        gauss1(s2[k] * Known("t", n, domain=Positive)[n], f[n].T * w[k]),
        lambda v: line(v, scalar(v, "s2") * scalar(v, "t"), predicted(v)),
    ),
    Case(
        Mixture(
            "other-letters",
            weights=weights,
            log_density=-logdet(spreads[c]) / 2 - quad(inverse(spreads[c]), other[i] - centres[c]) / 2,
        ),
        lambda v: residual(v, "lam", v["gamma"][None, ..., 0]) - determinant(v, "lam"),
    ),
)
