"""Poisson regression: a level for each component, one slope for all."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Count)
t = Known("t", n)
lam = Parameter("lam", k, domain=Positive)
b = Parameter("b")
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "poisson-regression-shared",
    weights=pi,
    log_density=x[n] * (log(lam[k]) + b * t[n]) - lam[k] * exp(b * t[n]) - log_factorial(x[n]),
)
