"""Negative binomial mixture of counts, by size and probability of success; the mean is r (1 - p) / p.

Where the counts of a component vary no more than those of a Poisson distribution, Q has no maximum: r grows without
bound towards that limit. A prior on r bounds it.
"""

from derive.language import Count, Data, Index, Parameter, Positive, Probability, Simplex, log, log_factorial, loggamma
from derive.models.mixture import Mixture

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Count)
r = Parameter("r", k, domain=Positive, code="sizes")
p = Parameter("p", k, domain=Probability, code="probabilities")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "negative-binomial",
    weights=pi,
    log_density=loggamma(x[n] + r[k]) - loggamma(r[k]) - log_factorial(x[n]) + r[k] * log(p[k]) + x[n] * log(1 - p[k]),
    summary="Negative binomial, size (dispersion) and probability of success for each component",
)
