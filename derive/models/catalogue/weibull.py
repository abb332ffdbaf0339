"""Weibull mixture, by shape and scale."""

from derive.language import Data, Index, Parameter, Positive, Simplex, log
from derive.models.mixture import Mixture

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Positive)
a = Parameter("a", k, domain=Positive, code="shapes")
s = Parameter("s", k, domain=Positive, code="scales")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "weibull",
    weights=pi,
    log_density=log(a[k]) - a[k] * log(s[k]) + (a[k] - 1) * log(x[n]) - (x[n] / s[k]) ** a[k],
    summary="Weibull, shape and scale for each component",
)
