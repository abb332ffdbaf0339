"""Gaussians; every sample has a known multiplier of its precision."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n)
w = Known("w", n, domain=Positive)
mu = Parameter("mu", k)
s2 = Parameter("s2", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "precision-multipliers",
    weights=pi,
    log_density=log(w[n]) / 2 - log(2 * PI * s2[k]) / 2 - w[n] * (x[n] - mu[k]) ** 2 / (2 * s2[k]),
)
