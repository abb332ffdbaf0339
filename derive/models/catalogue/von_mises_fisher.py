"""Von Mises-Fisher mixture: unit vectors, by mean direction and concentration."""

from derive.language import (
    PI,
    Data,
    Dimension,
    Index,
    Parameter,
    Positive,
    Simplex,
    UnitVector,
    log,
    log_bessel_i,
)
from derive.models.mixture import Mixture

n, k, D = Index("n", "N"), Index("k", "K"), Dimension("D")
x = Data("x", n, shape=D, domain=UnitVector)
mu = Parameter("mu", k, shape=D, domain=UnitVector, code="directions")
kappa = Parameter("kappa", k, domain=Positive, code="concentrations")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "von-mises-fisher",
    weights=pi,
    log_density=kappa[k] * mu[k].T * x[n]
    + (D / 2 - 1) * log(kappa[k])
    - D / 2 * log(2 * PI)
    - log_bessel_i(D / 2 - 1, kappa[k]),
    summary="Von Mises-Fisher, unit vectors, mean direction and concentration for each component",
)
