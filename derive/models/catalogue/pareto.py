"""Pareto mixture with a known scale, the smallest value that can occur."""

from derive.language import AtLeast, Data, Index, Known, Parameter, Positive, Simplex, log
from derive.models.mixture import Mixture

n, k = Index("n", "N"), Index("k", "K")
m = Known("m", domain=Positive, code="scale")
x = Data("x", n, domain=AtLeast(m))
alpha = Parameter("alpha", k, domain=Positive, code="shapes")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "pareto",
    weights=pi,
    log_density=log(alpha[k]) + alpha[k] * log(m) - (alpha[k] + 1) * log(x[n]),
    summary="Pareto with a known smallest value, a shape (tail index) for each component",
)
