"""Categorical mixture: each sample is one of C categories, as a row of zeros with a single one."""

from derive.language import Data, Index, OneHot, Parameter, Simplex, log, sum_over
from derive.models.mixture import Mixture

n, k, c = Index("n", "N"), Index("k", "K"), Index("c", "C")
x = Data("x", n, c, domain=OneHot)
theta = Parameter("theta", k, c, domain=Simplex, code="probabilities")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "categorical",
    weights=pi,
    log_density=sum_over(c, x[n, c] * log(theta[k, c])),
    summary="One of several categories, one-hot, with the probabilities of each component",
)
