"""Binomial mixture: successes among a known number of trials for each sample."""

from derive.language import Count, CountUpTo, Data, Index, Known, Parameter, Probability, Simplex, log, log_binomial
from derive.models.mixture import Mixture

n, k = Index("n", "N"), Index("k", "K")
t = Known("t", n, domain=Count, code="trials")
x = Data("x", n, domain=CountUpTo(t))
theta = Parameter("theta", k, domain=Probability, code="probabilities")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "binomial",
    weights=pi,
    log_density=log_binomial(t[n], x[n]) + x[n] * log(theta[k]) + (t[n] - x[n]) * log(1 - theta[k]),
    summary="Binomial with known numbers of trials, a probability of success for each component",
)
