"""Gumbel with known scale."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n)
s = Known("s", domain=Positive)
m = Parameter("m", k)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "gumbel-scale-known",
    weights=pi,
    log_density=-log(s) - (x[n] - m[k]) / s - exp(-(x[n] - m[k]) / s),
)
