"""Half normal."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=NonNegative)
s = Parameter("s", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "half-normal",
    weights=pi,
    log_density=log(2 / PI) / 2 - log(s[k]) - x[n] ** 2 / (2 * s[k] ** 2),
)
