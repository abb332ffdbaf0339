"""Exponential mixture, by rates."""

from derive.language import Data, Index, NonNegative, Parameter, Positive, Simplex, log
from derive.models.mixture import Mixture

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=NonNegative)
lam = Parameter("lam", k, domain=Positive, code="rates")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "exponential",
    weights=pi,
    log_density=log(lam[k]) - lam[k] * x[n],
    summary="Exponential, a rate (one over the mean) for each component",
)
