"""Inverse Gaussian by mean and shape, mean shared."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Positive)
m = Parameter("m", domain=Positive)
lam = Parameter("lam", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "inverse-gaussian-shared-mean",
    weights=pi,
    log_density=log(lam[k]) / 2 - log(2 * PI * x[n] ** 3) / 2 - lam[k] * (x[n] - m) ** 2 / (2 * m**2 * x[n]),
)
