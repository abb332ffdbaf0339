"""Gaussian mixture of scalar data."""

from derive.language import PI, Data, Index, Parameter, Positive, Simplex, log
from derive.models.mixture import Mixture

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n)
mu = Parameter("mu", k, code="means")
sigma2 = Parameter("sigma2", k, domain=Positive, code="variances")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "gaussian-1d",
    weights=pi,
    log_density=-log(2 * PI) / 2 - log(sigma2[k]) / 2 - (x[n] - mu[k]) ** 2 / (2 * sigma2[k]),
    summary="Gaussian for scalar data, a variance for each component",
)
