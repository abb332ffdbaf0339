"""Poisson mixture: counts, with a known exposure (time, area, population) for each sample."""

from derive.language import Count, Data, Index, Known, Parameter, Positive, Simplex, log, log_factorial
from derive.models.mixture import Mixture

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Count)
e = Known("e", n, domain=Positive, code="exposures")
lam = Parameter("lam", k, domain=Positive, code="rates")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "poisson",
    weights=pi,
    log_density=x[n] * log(e[n] * lam[k]) - e[n] * lam[k] - log_factorial(x[n]),
    summary="Poisson counts with known exposures, a rate per unit of exposure for each component",
)
