"""Poisson regression with exposures."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Count)
e = Known("e", n, domain=Positive)
t = Known("t", n)
lam = Parameter("lam", k, domain=Positive)
b = Parameter("b", k)
pi = Parameter("pi", k, domain=Simplex)
model = Mixture(
    "exposed-poisson-regression",
    weights=pi,
    log_density=x[n] * (log(lam[k]) + log(e[n]) + b[k] * t[n]) - e[n] * lam[k] * exp(b[k] * t[n]) - log_factorial(x[n]),
)
