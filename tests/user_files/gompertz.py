"""Gompertz."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Positive)
a = Parameter("a", k, domain=Positive)
b = Parameter("b", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "gompertz",
    weights=pi,
    log_density=log(a[k]) + b[k] * x[n] - a[k] * (exp(b[k] * x[n]) - 1) / b[k],
)
