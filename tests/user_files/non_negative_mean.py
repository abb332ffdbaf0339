"""Gaussians whose means are not negative."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n)
mu = Parameter("mu", k, domain=NonNegative)
s2 = Parameter("s2", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "non-negative-mean",
    weights=pi,
    log_density=-log(2 * PI) / 2 - log(s2[k]) / 2 - (x[n] - mu[k]) ** 2 / (2 * s2[k]),
)
