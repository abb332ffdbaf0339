"""Power function on the unit interval."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Probability)
a = Parameter("a", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "power-function",
    weights=pi,
    log_density=log(a[k]) + (a[k] - 1) * log(x[n]),
)
