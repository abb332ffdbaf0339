"""Dirichlet mixture."""

from derive.language import Data, Index, Parameter, Positive, Simplex, log, loggamma, sum_over
from derive.models.mixture import Mixture

n, k, d = Index("n", "N"), Index("k", "K"), Index("d", "D")
x = Data("x", n, d, domain=Simplex)
alpha = Parameter("alpha", k, d, domain=Positive, code="concentrations")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "dirichlet",
    weights=pi,
    log_density=loggamma(sum_over(d, alpha[k, d]))
    - sum_over(d, loggamma(alpha[k, d]))
    + sum_over(d, (alpha[k, d] - 1) * log(x[n, d])),
    summary="Dirichlet, concentrations for each component; rows sum to one",
)
