"""Lines that neither start below zero nor fall."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
y = Data("y", n)
t = Known("t", n)
a = Parameter("a", k, domain=NonNegative)
b = Parameter("b", k, domain=NonNegative)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "may-be-zero",
    weights=pi,
    log_density=-log(2 * PI) / 2 - (y[n] - a[k] - b[k] * t[n]) ** 2 / 2,
)
