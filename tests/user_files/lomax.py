"""Lomax (Pareto II)."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Positive)
a = Parameter("a", k, domain=Positive)
s = Parameter("s", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "lomax",
    weights=pi,
    log_density=log(a[k]) + a[k] * log(s[k]) - (a[k] + 1) * log(x[n] + s[k]),
)
