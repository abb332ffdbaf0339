"""Erlang of known shape."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Positive)
r = Known("r", domain=Positive)
b = Parameter("b", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "erlang",
    weights=pi,
    log_density=r * log(b[k]) - loggamma(r) + (r - 1) * log(x[n]) - b[k] * x[n],
)
