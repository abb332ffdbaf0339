"""The symbols of the Gaussian mixture, and a few more, for formulas written by hand."""

from derive.language.calculus_nodes import Named
from derive.language.domain import Positive, PositiveDefinite
from derive.language.expr import Expr
from derive.language.family import Data, Family, Parameter, Role, Symbol
from derive.language.functions import Dimension, sum_over
from derive.language.index import SCALAR, Index

n, k, j, D = Index("n", "N"), Index("k", "K"), Index("j", "K"), Dimension("D")
x_family, mu_family = Data("x", n, shape=D), Parameter("mu", k, shape=D)
sigma_family, variance_family = (
    Parameter("Sigma", k, domain=PositiveDefinite(D)),
    Parameter("sigma2", k, domain=Positive),
)
precision_family = Family(
    "Lambda", Role.PARAMETER, (k,), sigma_family.shape, sigma_family.domain, inverse_of=sigma_family
)
gamma_family = Family("gamma", Role.RESPONSIBILITY, (n, k))
x, mu, sigma, variance = (Symbol(f, f.indices) for f in (x_family, mu_family, sigma_family, variance_family))
precision, gamma = precision_family.symbol, gamma_family.symbol
pi = Parameter("pi", k, domain=Positive)[k]
multiplier = Family("lambda", Role.MULTIPLIER, (), SCALAR)[()]
count = sum_over(n, gamma)
difference = x - mu
outer = difference * difference.T
Q = Named("Q", "Q", sum_over(n, gamma))


def total(body: Expr) -> Expr:
    """Sum over the samples."""
    return sum_over(n, body)
