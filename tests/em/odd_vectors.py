"""Densities of vectors made to mislead, as those of scalars in odd_densities."""

import numpy as np

from derive.language import (
    Known,
    Parameter,
    Positive,
    identity,
    inverse,
    logdet,
    outer,
    quad,
    trace,
)
from tests.em.densities import (
    A,
    B,
    Ball,
    D,
    Lambda,
    P,
    Precisions,
    Sigma,
    Spread,
    Tied,
    beta,
    case,
    centre,
    difference,
    each,
    form,
    gauss,
    k,
    location,
    mu,
    n,
    normal,
    s2,
    x,
)

M, W, f = Known("M", shape=(D, D)), Parameter("W", k, shape=(D, P)), Known("f", n, shape=P)

VECTORS_RIGHT_OR_REFUSED = (
    case(
        "loadings",
        gauss(Sigma[k], W[k] * f[n]),
        lambda v: (
            -np.log(np.linalg.det(v["Sigma"])) / 2
            - form(np.linalg.inv(v["Sigma"]), v["x"][:, None, :, 0] - np.einsum("kdp,npl->nkd", v["W"], v["f"])) / 2
        ),
    ),
    case(
        "any-matrix-beside-the-mean",
        gauss(Sigma[k], mu[k]) - quad(M, mu[k]),
        lambda v: normal(v) - np.einsum("kdi,de,kei->k", v["mu"], v["M"], v["mu"]),
    ),
    case(
        "square-of-a-matrix",
        gauss(Sigma[k], mu[k]) - quad(M.T * M, mu[k]),
        lambda v: normal(v) - np.einsum("kdi,de,kei->k", v["mu"], v["M"].T @ v["M"], v["mu"]),
    ),
    case(
        "form-subtracted",
        gauss(Sigma[k], mu[k]) + quad(A, mu[k]),
        lambda v: normal(v) + np.einsum("kdi,de,kei->k", v["mu"], v["A"], v["mu"]),
    ),
    case(
        "outer-product-of-the-mean",
        gauss(Sigma[k], mu[k]) - trace(outer(mu[k]) * A),
        lambda v: normal(v) - np.einsum("kdi,de,kei->k", v["mu"], v["A"], v["mu"]),
    ),
    case(
        "between-matrices",
        -logdet(Sigma[k]) / 2 - quad(M.T * inverse(Sigma[k]) * M, x[n] - mu[k]) / 2,
        lambda v: (
            -np.log(np.linalg.det(v["Sigma"])) / 2
            - form(v["M"].T @ np.linalg.inv(v["Sigma"]) @ v["M"], difference(v)) / 2
        ),
    ),
    case("scale-times-shape", gauss(s2[k] * Sigma[k], mu[k]), lambda v: normal({**v, "Sigma": v["s2"] * v["Sigma"]})),
    case("scale-times-known", gauss(s2[k] * A, mu[k]), lambda v: normal({**v, "Sigma": v["s2"] * v["A"]})),
    case(
        "scale-times-identity",
        gauss(s2[k] * identity(D), mu[k]),
        lambda v: normal({**v, "Sigma": v["s2"] * np.eye(v["x"].shape[1])}),
    ),
    case(
        "scale-times-shared",
        gauss(Known("t", k, domain=Positive)[k] * Tied, centre.symbol),
        lambda v: normal({**v, "Sigma": v["t"] * v["Sigma"]}, mean="m"),
    ),
    case("two-means-added", gauss(A.symbol, mu[k] + centre), lambda v: normal(v, "A", mean=v["mu"] + each(v, "m"))),
    case("mean-scaled", gauss(A.symbol, location[k] * mu[k]), lambda v: normal(v, "A", mean=v["mu"] * v["a"])),
    case(
        "inverse-wishart",
        gauss(Sigma[k], mu[k]) - trace(A * inverse(Sigma[k])) / 2,
        lambda v: normal(v) - np.trace(v["A"] @ np.linalg.inv(v["Sigma"]), axis1=-2, axis2=-1) / 2,
    ),
    case(
        "wishart",
        logdet(Lambda[k]) / 2 - trace(Lambda[k] * A) / 2 - quad(Lambda[k], x[n] - mu[k]) / 2,
        lambda v: (
            np.log(np.linalg.det(v["Lambda"])) / 2
            - np.trace(v["Lambda"] @ v["A"], axis1=-2, axis2=-1) / 2
            - form(v["Lambda"], difference(v)) / 2
        ),
    ),
    case(
        "any-matrix-beside-a-precision",
        logdet(Lambda[k]) / 2 - trace(Lambda[k] * M) / 2 - quad(Lambda[k], x[n] - mu[k]) / 2,
        lambda v: (
            np.log(np.linalg.det(v["Lambda"])) / 2
            - np.trace(v["Lambda"] @ v["M"], axis1=-2, axis2=-1) / 2
            - form(v["Lambda"], difference(v)) / 2
        ),
    ),
    case(
        "full-known-beside-diagonal",
        logdet(Precisions[k]) / 2 - trace(Precisions[k] * A) / 2 - quad(Precisions[k], x[n] - mu[k]) / 2,
        lambda v: (
            np.log(np.linalg.det(v["Lambda"])) / 2
            - np.trace(v["Lambda"] @ v["A"], axis1=-2, axis2=-1) / 2
            - form(v["Lambda"], difference(v)) / 2
        ),
    ),
    case(
        "diagonal-seen-through-full",
        -logdet(Spread[k]) / 2 - quad(A * inverse(Spread[k]) * A, x[n] - B * beta[k]) / 2,
        lambda v: normal({**v, "x": v["A"] @ v["x"]}, mean=v["A"] @ v["B"] @ v["beta"]),
    ),
    case(
        "ball-seen-through-full",
        -logdet(Ball[k]) / 2 - quad(A * inverse(Ball[k]) * A, x[n] - mu[k]) / 2,
        lambda v: normal({**v, "x": v["A"] @ v["x"], "mu": v["A"] @ v["mu"]}),
    ),
)
