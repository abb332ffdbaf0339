"""Log-normal mixture: positive data whose logarithms are Gaussian."""

from derive.language import PI, Data, Index, Parameter, Positive, Simplex, log
from derive.models.mixture import Mixture

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n, domain=Positive)
mu = Parameter("mu", k, code="means")
sigma2 = Parameter("sigma2", k, domain=Positive, code="variances")
pi = Parameter("pi", k, domain=Simplex, code="weights")

model = Mixture(
    "log-normal",
    weights=pi,
    log_density=-log(2 * PI) / 2 - log(x[n]) - log(sigma2[k]) / 2 - (log(x[n]) - mu[k]) ** 2 / (2 * sigma2[k]),
    summary="Log-normal, mean and variance of the logarithm for each component",
)
