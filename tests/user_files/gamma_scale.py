"""Gamma by shape and scale."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Positive)
a = Parameter("a", k, domain=Positive)
s = Parameter("s", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "gamma-scale",
    weights=pi,
    log_density=(a[k] - 1) * log(x[n]) - x[n] / s[k] - a[k] * log(s[k]) - loggamma(a[k]),
)
