"""Gumbel mixture (of largest values), by location and scale."""

from derive.language import Data, Index, Parameter, Positive, Simplex, exp, log
from derive.models.mixture import Mixture

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n)
mu = Parameter("mu", k, code="locations")
beta = Parameter("beta", k, domain=Positive, code="scales")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "gumbel",
    weights=pi,
    log_density=-log(beta[k]) - (x[n] - mu[k]) / beta[k] - exp(-(x[n] - mu[k]) / beta[k]),
    summary="Gumbel (of largest values), location and scale for each component",
)
