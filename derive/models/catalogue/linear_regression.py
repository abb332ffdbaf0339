"""Mixture of linear regressions: a scalar response, its known features, and coefficients for each component."""

from derive.language import PI, Data, Dimension, Index, Known, Parameter, Positive, Simplex, log
from derive.models.mixture import Mixture

n, k, P = Index("n", "N"), Index("k", "K"), Dimension("P")
y = Data("y", n)
f = Known("f", n, shape=P, code="features")
beta = Parameter("beta", k, shape=P, code="coefficients")
sigma2 = Parameter("sigma2", k, domain=Positive, code="variances")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "linear-regression",
    weights=pi,
    log_density=-log(2 * PI) / 2 - log(sigma2[k]) / 2 - (y[n] - f[n].T @ beta[k]) ** 2 / (2 * sigma2[k]),
    summary="Linear regression on known features, coefficients and noise variance for each component",
)
