"""Gamma with one shape for all components."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Positive)
a = Parameter("a", domain=Positive)
b = Parameter("b", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "gamma-shared-shape",
    weights=pi,
    log_density=a * log(b[k]) - loggamma(a) + (a - 1) * log(x[n]) - b[k] * x[n],
)
