"""Gamma mixture, by shape and rate."""

from derive.language import Data, Index, Parameter, Positive, Simplex, log, loggamma
from derive.models.mixture import Mixture

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Positive)
alpha = Parameter("alpha", k, domain=Positive, code="shapes")
beta = Parameter("beta", k, domain=Positive, code="rates")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "gamma",
    weights=pi,
    log_density=alpha[k] * log(beta[k]) - loggamma(alpha[k]) + (alpha[k] - 1) * log(x[n]) - beta[k] * x[n],
    summary="Gamma, shape and rate for each component",
)
