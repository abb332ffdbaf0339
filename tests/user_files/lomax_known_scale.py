"""Lomax (Pareto II) with a known scale."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Positive)
s = Known("s", domain=Positive)
a = Parameter("a", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "lomax-known-scale",
    weights=pi,
    log_density=log(a[k]) + a[k] * log(s) - (a[k] + 1) * log(x[n] + s),
)
