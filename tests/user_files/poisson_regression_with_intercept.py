"""Poisson regression with an intercept in the exponent."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Count)
t = Known("t", n)
a = Parameter("a", k)
b = Parameter("b", k)
pi = Parameter("pi", k, domain=Simplex)

mean = exp(a[k] + b[k] * t[n])
model = Mixture(
    "poisson-regression-with-intercept",
    weights=pi,
    log_density=x[n] * (a[k] + b[k] * t[n]) - mean - log_factorial(x[n]),
)
