"""Maxwell speeds by precision."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Positive)
b = Parameter("b", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "maxwell-precision",
    weights=pi,
    log_density=log(2 / PI) / 2 + 3 * log(b[k]) / 2 + 2 * log(x[n]) - b[k] * x[n] ** 2 / 2,
)
