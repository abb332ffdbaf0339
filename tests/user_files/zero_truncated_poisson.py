"""Poisson without zeros."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Count)
lam = Parameter("lam", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "zero-truncated-poisson",
    weights=pi,
    log_density=x[n] * log(lam[k]) - log(exp(lam[k]) - 1) - log_factorial(x[n]),
)
