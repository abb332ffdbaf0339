"""Update equations of mixtures, written down by hand, and exact values to hold their programs against."""

from collections.abc import Mapping

from derive.language.calculus_nodes import Named
from derive.language.domain import Diagonal, Positive, PositiveDefinite, Real, Simplex, Spherical
from derive.language.expr import Expr, Identity, mul
from derive.language.family import Data, Family, Known, Parameter, Role, Symbol
from derive.language.functions import (
    PI,
    Dimension,
    Size,
    diagonal_part,
    exp,
    inverse,
    log,
    logdet,
    quad,
    sum_over,
)
from derive.language.index import Index
from derive.proof.derivation import Derivation, UpdateEquation

n, k = Index("n", "N"), Index("k", "K")
j = Index("j", "K")
N, K, D, P = Size(n.size), Size(k.size), Dimension("D"), Dimension("P")
gamma = Family("gamma", Role.RESPONSIBILITY, (n, k), code="responsibilities")
joint = Family("l", Role.LATENT, (n, k), domain=Real())
pi = Parameter("pi", k, domain=Simplex, code="weights")
x = Data("x", n, shape=D)
y = Data("x", n)
mu = Parameter("mu", k, shape=D, code="means")
Sigma = Parameter("Sigma", k, domain=PositiveDefinite(D), code="covariances")
N_k = sum_over(n, gamma[n, k])


def symbol(family: Family) -> Symbol:
    """The family's member at its own indices."""
    found = family.symbol
    assert isinstance(found, Symbol)
    return found


def gaussian(matrix: Expr, point: Expr = x[n]) -> Expr:
    """Log density of a normal distribution with the given covariance."""
    return -D * log(2 * PI) / 2 - logdet(matrix) / 2 - quad(inverse(matrix), point - mu[k]) / 2


def derivation(
    model: str, density: Expr, updates: Mapping[Family, Expr], previous: tuple[Symbol, ...] = ()
) -> Derivation:
    """A derivation without steps, for a density and the updates of its parameters."""
    shares = {pi: sum_over(n, gamma[n, k]) / N}
    numbered = enumerate({**updates, **shares}.items(), start=11)
    total = sum_over(n, log(sum_over(k, exp(joint[n, k]))))
    value = Named("L", r"\ell", total)
    return Derivation(
        model,
        f"a mixture for tests: {model}",
        (pi, *updates, *_symbols(density)),
        (),
        UpdateEquation(symbol(joint), log(pi[k]) + density, 2),
        UpdateEquation(symbol(gamma), exp(joint[n, k]) / sum_over(j, exp(joint[n, j])), 5),
        UpdateEquation(value, total, 6),  # type: ignore[arg-type]
        tuple(
            UpdateEquation(symbol(family), value, number, previous if family is not pi else ())
            for number, (family, value) in numbered
        ),
        UpdateEquation(value, total, 6),  # type: ignore[arg-type]
    )


def _symbols(density: Expr) -> tuple[Family, ...]:
    found: dict[Family, None] = {}

    def collect(expr: Expr) -> bool:
        if isinstance(expr, Symbol) and expr.family.role in (Role.DATA, Role.KNOWN):
            found[expr.family] = None
        return False

    density.contains(collect)
    return tuple(found)


def scatter(n_: Index = n) -> Expr:
    """Outer product of the centred point with itself."""
    return (x[n_] - mu[k]) * (x[n_] - mu[k]).T


MEAN = (1 / N_k) * sum_over(n, gamma[n, k] * x[n])
FULL = derivation("test-full", gaussian(Sigma[k]), {mu: MEAN, Sigma: (1 / N_k) * sum_over(n, gamma[n, k] * scatter())})

shared = Parameter("Sigma", domain=PositiveDefinite(D), code="covariances")
TIED = derivation(
    "test-tied",
    gaussian(symbol(shared)),
    {mu: MEAN, shared: (1 / N) * sum_over(n, sum_over(k, gamma[n, k] * scatter()))},
)

diagonal = Parameter("Sigma", k, domain=Diagonal(D), code="covariances")
DIAGONAL = derivation(
    "test-diagonal",
    gaussian(diagonal[k]),
    {mu: MEAN, diagonal: (1 / N_k) * diagonal_part(sum_over(n, gamma[n, k] * scatter()))},
)

_length = (x[n] - mu[k]).T * (x[n] - mu[k])
spherical = Parameter("Sigma", k, domain=Spherical(D), code="covariances")
SPHERICAL = derivation(
    "test-spherical",
    gaussian(spherical[k]),
    {
        mu: MEAN,
        spherical: mul(1 / D, 1 / N_k, sum_over(n, gamma[n, k] * _length), Identity(D.extent)),
    },
)

m = Parameter("mu", k, code="means")
v = Parameter("sigma2", k, domain=Positive, code="variances")
SCALAR = derivation(
    "test-scalar",
    -log(2 * PI) / 2 - log(v[k]) / 2 - (y[n] - m[k]) ** 2 / (2 * v[k]),
    {
        m: (1 / N_k) * sum_over(n, gamma[n, k] * y[n]),
        v: (1 / N_k) * sum_over(n, gamma[n, k] * (y[n] - m[k]) ** 2),
    },
)

B = Known("B", shape=(D, P), code="design")
beta = Parameter("beta", k, shape=P, code="coefficients")
_residual = x[n] - B * beta[k]
REGRESSION = derivation(
    "test-regression",
    -D * log(2 * PI) / 2 - logdet(Sigma[k]) / 2 - quad(inverse(Sigma[k]), _residual) / 2,
    {
        beta: inverse(B.T * inverse(Sigma[k]) * B) * (B.T * inverse(Sigma[k]) * MEAN),
        Sigma: (1 / N_k) * sum_over(n, gamma[n, k] * _residual * _residual.T),
    },
)

A = Known("A", domain=PositiveDefinite(D), code="precision")
t = Known("t", n, domain=Positive, code="exposures")
waiting = Data("x", n, domain=Positive)
rate = Parameter("lamda", k, domain=Positive, code="rates")
EXPONENTIAL = derivation(
    "test-exponential",
    log(t[n] * rate[k]) - t[n] * rate[k] * waiting[n],
    {rate: N_k / sum_over(n, gamma[n, k] * t[n] * waiting[n])},
)
KNOWN = derivation("test-known", gaussian(inverse(symbol(A))) - quad(symbol(A), x[n]) / 7, {mu: MEAN})
C = Known("C", domain=PositiveDefinite(D), code="covariance")
FIXED = derivation("test-fixed", gaussian(symbol(C)), {mu: MEAN})

ALL = (FULL, TIED, DIAGONAL, SPHERICAL, SCALAR, REGRESSION, EXPONENTIAL, KNOWN, FIXED)
