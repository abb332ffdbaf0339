"""Poisson regression without an intercept, log link."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Count)
t = Known("t", n)
b = Parameter("b", k)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "poisson-regression",
    weights=pi,
    log_density=x[n] * b[k] * t[n] - exp(b[k] * t[n]) - log_factorial(x[n]),
)
