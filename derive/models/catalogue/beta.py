"""Beta mixture."""

from derive.language import Data, Index, Parameter, Positive, Probability, Simplex, log, log_beta
from derive.models.mixture import Mixture

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Probability)
a = Parameter("a", k, domain=Positive, code="a")
b = Parameter("b", k, domain=Positive, code="b")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "beta",
    weights=pi,
    log_density=(a[k] - 1) * log(x[n]) + (b[k] - 1) * log(1 - x[n]) - log_beta(a[k], b[k]),
    summary="Beta, both shapes a and b for each component",
)
