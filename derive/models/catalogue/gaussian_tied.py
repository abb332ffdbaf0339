"""Gaussian mixture, one full covariance matrix shared by all components."""

from derive.language import PI, Data, Dimension, Index, Parameter, PositiveDefinite, Simplex, inverse, log, logdet, quad
from derive.models.mixture import Mixture

n, k, D = Index("n", "N"), Index("k", "K"), Dimension("D")
x = Data("x", n, shape=D)
mu = Parameter("mu", k, shape=D, code="means")
Sigma = Parameter("Sigma", domain=PositiveDefinite(D), code="covariances")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "gaussian-tied",
    weights=pi,
    log_density=-D * log(2 * PI) / 2 - logdet(Sigma) / 2 - quad(inverse(Sigma), x[n] - mu[k]) / 2,
    summary="Gaussian, one full covariance matrix shared by all components",
)
