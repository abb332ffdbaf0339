"""Laplace."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n)
m = Parameter("m", k)
s = Parameter("s", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "laplace-scale",
    weights=pi,
    log_density=-log(2 * s[k]) - absolute(x[n] - m[k]) / s[k],
)
