"""Weibull mixture, by shape and rate: the survival function is exp(-r x^a)."""

from derive.language import Data, Index, Parameter, Positive, Simplex, log
from derive.models.mixture import Mixture

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Positive)
a = Parameter("a", k, domain=Positive, code="shapes")
r = Parameter("r", k, domain=Positive, code="rates")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "weibull",
    weights=pi,
    log_density=log(a[k]) + log(r[k]) + (a[k] - 1) * log(x[n]) - r[k] * x[n] ** a[k],
    summary="Weibull, shape a and rate r for each component; the scale is r^(-1/a)",
)
