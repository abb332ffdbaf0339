"""Log-logistic."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Positive)
a = Parameter("a", k, domain=Positive)
s = Parameter("s", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)

model = Mixture(
    "log-logistic",
    weights=pi,
    log_density=log(a[k]) - log(s[k]) + (a[k] - 1) * log(x[n] / s[k]) - 2 * log(1 + (x[n] / s[k]) ** a[k]),
)
