"""Normal of variance equal to its mean."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n)
m = Parameter("m", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "signal-variance",
    weights=pi,
    log_density=-log(2 * PI) / 2 - log(m[k]) / 2 - (x[n] - m[k]) ** 2 / (2 * m[k]),
)
