"""Uniform on (0, theta)."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=NonNegative)
theta = Parameter("theta", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "uniform",
    weights=pi,
    log_density=-log(theta[k]) + support(x[n] <= theta[k]),
)
