"""Zeros that are certain beside Poisson counts."""

from derive import *

n, k, j = Index("n", "N"), Index("k", "K"), Index("j", "K + 1")
x = Data("x", n, domain=Count)
lam = Parameter("lam", k, domain=Positive)
pi = Parameter("pi", j, domain=Simplex)

model = Mixture(
    "zero-inflated-poisson",
    weights=pi,
    log_density=x[n] * log(lam[k]) - lam[k] - log_factorial(x[n]),
    others=(point_mass(x[n], 0),),
)
