"""Rayleigh mixture: lengths of planar vectors whose two coordinates are Gaussian around zero."""

from derive.language import Data, Index, Parameter, Positive, Simplex, log
from derive.models.mixture import Mixture

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Positive)
sigma = Parameter("sigma", k, domain=Positive, code="scales")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "rayleigh",
    weights=pi,
    log_density=log(x[n]) - 2 * log(sigma[k]) - x[n] ** 2 / (2 * sigma[k] ** 2),
    summary="Rayleigh, a scale (the standard deviation of each coordinate) for each component",
)
