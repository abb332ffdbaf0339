"""Exponential with one rate for all components times a known factor of each."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=NonNegative)
c = Known("c", k, domain=Positive)
lam = Parameter("lam", domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "exponential-shared",
    weights=pi,
    log_density=log(c[k] * lam) - c[k] * lam * x[n],
)
