"""Gamma by shape and mean."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Positive)
a = Parameter("a", k, domain=Positive)
m = Parameter("m", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "gamma-mean",
    weights=pi,
    log_density=a[k] * log(a[k] / m[k]) - loggamma(a[k]) + (a[k] - 1) * log(x[n]) - a[k] * x[n] / m[k],
)
