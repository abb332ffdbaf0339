"""Negative binomial by mean and size."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Count)
m = Parameter("m", k, domain=Positive)
r = Parameter("r", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

terms = loggamma(x[n] + r[k]) - loggamma(r[k]) - log_factorial(x[n])
model = Mixture(
    "negative-binomial-mean",
    weights=pi,
    log_density=terms + r[k] * log(r[k]) + x[n] * log(m[k]) - (x[n] + r[k]) * log(m[k] + r[k]),
)
