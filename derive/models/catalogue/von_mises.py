"""Von Mises mixture: angles in radians."""

from derive.language import PI, Data, Index, Parameter, Positive, Simplex, cos, log, log_bessel_i
from derive.models.mixture import Mixture

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n)
m = Parameter("mu", k, code="directions")
kappa = Parameter("kappa", k, domain=Positive, code="concentrations")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "von-mises",
    weights=pi,
    log_density=kappa[k] * cos(x[n] - m[k]) - log(2 * PI) - log_bessel_i(0, kappa[k]),
    summary="Von Mises, angles in radians, mean direction and concentration for each component",
)
