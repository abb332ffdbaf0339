"""Rice."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Positive)
v = Parameter("v", k, domain=Positive)
s2 = Parameter("s2", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "rice",
    weights=pi,
    log_density=log(x[n]) - log(s2[k]) - (x[n] ** 2 + v[k] ** 2) / (2 * s2[k]) + log_bessel_i(0, x[n] * v[k] / s2[k]),
)
