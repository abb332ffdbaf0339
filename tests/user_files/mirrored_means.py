"""Two Gaussians whose means are mirrored."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n)
c = Parameter("c")
s2 = Parameter("s2", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "mirrored-means",
    weights=pi,
    log_density=-log(2 * PI * s2[k]) / 2 - (x[n] - (2 * ordinal(k) - 3) * c) ** 2 / (2 * s2[k]),
)
