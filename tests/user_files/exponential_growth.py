"""Log-linear growth: Gaussian around exp(b)."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n)
b = Parameter("b", k)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "exponential-growth",
    weights=pi,
    log_density=-((x[n] - exp(b[k])) ** 2) / 2 - log(2 * PI) / 2,
)
