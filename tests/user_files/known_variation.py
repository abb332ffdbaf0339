"""Normal whose standard deviation is a known multiple of its mean."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n)
c = Known("c", domain=Positive)
m = Parameter("m", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "known-variation",
    weights=pi,
    log_density=-log(2 * PI * c) / 2 - log(m[k]) - (x[n] - m[k]) ** 2 / (2 * c * m[k] ** 2),
)
