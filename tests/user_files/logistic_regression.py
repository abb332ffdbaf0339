"""Mixture of logistic regressions."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
pi = Parameter("pi", k, domain=Simplex)
y = Data("y", n, domain=Binary)
x = Known("x", n)
a = Parameter("a", k)
b = Parameter("b", k)

model = Mixture(
    "logistic-regression", weights=pi, log_density=y[n] * (a[k] + b[k] * x[n]) - log(1 + exp(a[k] + b[k] * x[n]))
)
