"""Geometric mixture: the number of failures before the first success (0, 1, 2, ...)."""

from derive.language import Count, Data, Index, Parameter, Probability, Simplex, log
from derive.models.mixture import Mixture

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Count)
theta = Parameter("theta", k, domain=Probability, code="probabilities")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "geometric",
    weights=pi,
    log_density=log(theta[k]) + x[n] * log(1 - theta[k]),
    summary="Number of failures before the first success, a probability of success for each component",
)
