"""Logistic."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n)
m = Parameter("m", k)
s = Parameter("s", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "logistic",
    weights=pi,
    log_density=-(x[n] - m[k]) / s[k] - log(s[k]) - 2 * log(1 + exp(-(x[n] - m[k]) / s[k])),
)
