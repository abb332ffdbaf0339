"""Mixture of independent Bernoulli variables, as in latent class analysis."""

from derive.language import Binary, Data, Index, Parameter, Probability, Simplex, log, sum_over
from derive.models.mixture import Mixture

n, k, d = Index("n", "N"), Index("k", "K"), Index("d", "D")
x = Data("x", n, d, domain=Binary)
theta = Parameter("theta", k, d, domain=Probability, code="probabilities")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "bernoulli",
    weights=pi,
    log_density=sum_over(d, x[n, d] * log(theta[k, d]) + (1 - x[n, d]) * log(1 - theta[k, d])),
    summary="Independent binary variables, a probability for each component and variable",
)
