"""Cauchy."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n)
m = Parameter("m", k)
s = Parameter("s", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "cauchy",
    weights=pi,
    log_density=-log(PI * s[k]) - log(1 + (x[n] - m[k]) ** 2 / s[k] ** 2),
)
