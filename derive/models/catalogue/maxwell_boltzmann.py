"""Maxwell-Boltzmann mixture: speeds in space, whose three coordinates are Gaussian around zero."""

from derive.language import PI, Data, Index, Parameter, Positive, Simplex, log
from derive.models.mixture import Mixture

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Positive)
a = Parameter("a", k, domain=Positive, code="scales")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "maxwell-boltzmann",
    weights=pi,
    log_density=log(2 / PI) / 2 + 2 * log(x[n]) - 3 * log(a[k]) - x[n] ** 2 / (2 * a[k] ** 2),
    summary="Maxwell-Boltzmann, a scale (the standard deviation of each coordinate) for each component",
)
