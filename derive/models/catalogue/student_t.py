"""Multivariate Student-t, as a Gaussian whose covariance is divided by a latent Gamma-distributed scale u."""

from derive.language import (
    PI,
    Data,
    Dimension,
    Index,
    Latent,
    Parameter,
    Positive,
    PositiveDefinite,
    Simplex,
    inverse,
    log,
    logdet,
    loggamma,
    quad,
)
from derive.models.mixture import Mixture

n, k, D = Index("n", "N"), Index("k", "K"), Dimension("D")
x = Data("x", n, shape=D)
u = Latent("u", domain=Positive)
mu = Parameter("mu", k, shape=D, code="means")
Sigma = Parameter("Sigma", k, domain=PositiveDefinite(D), code="scales")
nu = Parameter("nu", k, domain=Positive, code="degrees_of_freedom")
pi = Parameter("pi", k, domain=Simplex, code="weights")

gaussian = D * log(u) / 2 - D * log(2 * PI) / 2 - logdet(Sigma[k]) / 2 - u * quad(inverse(Sigma[k]), x[n] - mu[k]) / 2
scale = nu[k] / 2 * log(nu[k] / 2) - loggamma(nu[k] / 2) + (nu[k] / 2 - 1) * log(u) - nu[k] / 2 * u

model = Mixture(
    "student-t",
    weights=pi,
    log_density=gaussian + scale,
    latent=u,
    summary="Student-t, heavy tails by a latent scale; full matrix and degrees of freedom for each component",
)
