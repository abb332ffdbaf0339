"""Autoregression on the value before."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n)
z = Known("z", n)
phi = Parameter("phi", k)
s2 = Parameter("s2", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "autoregression",
    weights=pi,
    log_density=-log(2 * PI) / 2 - log(s2[k]) / 2 - (x[n] - phi[k] * z[n]) ** 2 / (2 * s2[k]),
)
