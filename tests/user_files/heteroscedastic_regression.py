"""Lines whose noise variance grows with a known factor of each sample."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
y = Data("y", n)
t = Known("t", n)
v = Known("v", n, domain=Positive)
a = Parameter("a", k)
b = Parameter("b", k)
s2 = Parameter("s2", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "heteroscedastic-regression",
    weights=pi,
    log_density=-log(2 * PI * s2[k] * v[n]) / 2 - (y[n] - a[k] - b[k] * t[n]) ** 2 / (2 * s2[k] * v[n]),
)
