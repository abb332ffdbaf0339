"""Inverse Gaussian (Wald) mixture, by mean and shape."""

from derive.language import PI, Data, Index, Parameter, Positive, Simplex, log
from derive.models.mixture import Mixture

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Positive)
mu = Parameter("mu", k, domain=Positive, code="means")
lam = Parameter("lam", k, domain=Positive, code="shapes")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "inverse-gaussian",
    weights=pi,
    log_density=log(lam[k]) / 2
    - log(2 * PI) / 2
    - 3 * log(x[n]) / 2
    - lam[k] * (x[n] - mu[k]) ** 2 / (2 * mu[k] ** 2 * x[n]),
    summary="Inverse Gaussian (Wald), mean and shape for each component",
)
