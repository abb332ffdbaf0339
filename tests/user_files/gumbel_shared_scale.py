"""Gumbel with a location for each component and one scale for all."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n)
m = Parameter("m", k)
s = Parameter("s", domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "gumbel-shared-scale",
    weights=pi,
    log_density=-log(s) - (x[n] - m[k]) / s - exp(-(x[n] - m[k]) / s),
)
