"""Inverse gamma."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Positive)
a = Parameter("a", k, domain=Positive)
b = Parameter("b", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "inverse-gamma",
    weights=pi,
    log_density=a[k] * log(b[k]) - loggamma(a[k]) - (a[k] + 1) * log(x[n]) - b[k] / x[n],
)
