"""Beta by mean and precision."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Probability)
m = Parameter("m", k, domain=Probability)
c = Parameter("c", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "beta-mean",
    weights=pi,
    log_density=(m[k] * c[k] - 1) * log(x[n])
    + ((1 - m[k]) * c[k] - 1) * log(1 - x[n])
    - log_beta(m[k] * c[k], (1 - m[k]) * c[k]),
)
