"""Kumaraswamy."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Probability)
a = Parameter("a", k, domain=Positive)
b = Parameter("b", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "kumaraswamy",
    weights=pi,
    log_density=log(a[k]) + log(b[k]) + (a[k] - 1) * log(x[n]) + (b[k] - 1) * log(1 - x[n] ** a[k]),
)
