"""Gaussians whose means stand on a comb, with one variance for all."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n)
a = Parameter("a")
b = Parameter("b")
s2 = Parameter("s2", domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "comb",
    weights=pi,
    log_density=-log(2 * PI) / 2 - log(s2) / 2 - (x[n] - a - b * ordinal(k)) ** 2 / (2 * s2),
)
