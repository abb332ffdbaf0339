"""Bernoulli by its log-odds."""

from derive import *

n, k = Index("n", "N"), Index("k", "K")
pi = Parameter("pi", k, domain=Simplex)
y = Data("y", n, domain=Binary)
a = Parameter("a", k)

model = Mixture("bernoulli-log-odds", weights=pi, log_density=y[n] * a[k] - log(1 + exp(a[k])))
