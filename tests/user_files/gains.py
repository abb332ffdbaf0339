"""One response to a known input, times a gain for each component: each is found given the other, from a start."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n)
t = Known("t", n)
a = Parameter("a", k)
b = Parameter("b")
s2 = Parameter("s2", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "gains",
    weights=pi,
    log_density=-log(2 * PI * s2[k]) / 2 - (x[n] - a[k] * b * t[n]) ** 2 / (2 * s2[k]),
)
