"""Multinomial mixture: counts of C categories, such as the words of a document."""

from derive.language import Count, Data, Index, Parameter, Simplex, log, log_factorial, sum_over
from derive.models.mixture import Mixture

n, k, c = Index("n", "N"), Index("k", "K"), Index("c", "C")
x = Data("x", n, c, domain=Count)
theta = Parameter("theta", k, c, domain=Simplex, code="probabilities")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "multinomial",
    weights=pi,
    log_density=log_factorial(sum_over(c, x[n, c])) + sum_over(c, x[n, c] * log(theta[k, c]) - log_factorial(x[n, c])),
    summary="Counts of several categories, with the probabilities of each component",
)
