"""Gaussian mixture, a diagonal covariance matrix for each component."""

from derive.language import PI, Data, Diagonal, Dimension, Index, Parameter, Simplex, inverse, log, logdet, quad
from derive.models.mixture import Mixture

n, k, D = Index("n", "N"), Index("k", "K"), Dimension("D")
x = Data("x", n, shape=D)
mu = Parameter("mu", k, shape=D, code="means")
Sigma = Parameter("Sigma", k, domain=Diagonal(D), code="covariances")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "gaussian-diagonal",
    weights=pi,
    log_density=-D * log(2 * PI) / 2 - logdet(Sigma[k]) / 2 - quad(inverse(Sigma[k]), x[n] - mu[k]) / 2,
    summary="Gaussian, a diagonal covariance matrix for each component",
)
