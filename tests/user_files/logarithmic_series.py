"""Logarithmic series."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Count)
p = Parameter("p", k, domain=Probability)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "logarithmic-series",
    weights=pi,
    log_density=x[n] * log(p[k]) - log(x[n]) - log(-log(1 - p[k])),
)
