"""Priors as log densities up to a constant that no parameter enters: formulas for ``Mixture(..., log_prior=...)``.

Each is a function of a member of a family, such as ``mu[k]``, and of its hyperparameters: whole numbers and fractions,
known constants, or formulas in these. What it leaves free is summed over by the user, or by ``with_prior``:

    log_prior=sum_over(k, normal(mu[k], m0, S0)) + dirichlet(pi[k], alpha)

A hyperparameter below which the mode moves to the boundary of the domain says so by its own domain:
``Known("alpha", k, domain=AtLeast(1))``, ``Known("nu", domain=AtLeast(D + 1))``.

All of these densities stand in Gelman et al. 2013 (Bayesian Data Analysis, 3rd edition), tables A.1 and A.2.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from derive.errors import ModelError
from derive.language.domain import Domain
from derive.language.expr import Expr, Number, as_expr, mul
from derive.language.family import Family, Symbol
from derive.language.functions import Size, inverse, log, logdet, quad, sum_over, trace
from derive.language.index import ONE
from derive.language.operand import Numeric, Operand

Given = Operand[Expr] | Numeric


def normal(parameter: Given, mean: Given, covariance: Given) -> Expr:
    """Normal prior on a real number or a vector of length D. Source: Bishop 2006, (2.42) and (2.43).

    mean: a number, or a vector of length D; 0 for the zero vector. covariance: the variance of a number, the D x D
    covariance of a vector, or one number v for v times the identity.
    """
    return normal_precision(parameter, mean, inverse(_positive("normal", "covariance", covariance, matrix=True)))


def normal_precision(parameter: Given, mean: Given, precision: Given) -> Expr:
    """Normal prior given the inverse of its covariance: a number, a D x D matrix, or one number for a vector."""
    theta, matrix = _expr(parameter), _positive("normal_precision", "precision", precision, matrix=True)
    if not (theta.shape.is_scalar or theta.shape.is_column):
        raise ModelError(f"normal is a prior on a number or a vector, but {theta} is {theta.shape}")
    return mul(Fraction(-1, 2), _form(matrix, theta - _expr(mean)))


def inverse_gamma(parameter: Given, shape: Given, scale: Given) -> Expr:
    """Inverse-gamma prior on a positive number such as a variance, with density v^-(shape + 1) exp(-scale / v)."""
    v = _member("inverse_gamma", parameter, "a positive number", lambda domain: domain.positive)
    a, b = _positive("inverse_gamma", "shape", shape), _positive("inverse_gamma", "scale", scale)
    return -(a + 1) * log(v) - b / v


def gamma(parameter: Given, shape: Given, rate: Given) -> Expr:
    """Gamma prior on a positive number such as a rate or a precision. Source: Bishop 2006, (2.146).

    shape: at least 1, else the density has no upper bound at zero and the mode may lie there. rate: positive.
    """
    theta = _member("gamma", parameter, "a positive number", lambda domain: domain.positive)
    a, b = _positive("gamma", "shape", shape, lowest=1), _positive("gamma", "rate", rate)
    return (a - 1) * log(theta) - b * theta


def beta(parameter: Given, a: Given, b: Given) -> Expr:
    """Beta prior on a probability; a and b are at least 1. Source: Bishop 2006, (2.13)."""
    p = _member("beta", parameter, "a probability (domain=Probability)", lambda domain: domain.below_one)
    a, b = _positive("beta", "a", a, lowest=1), _positive("beta", "b", b, lowest=1)
    return (a - 1) * log(p) + (b - 1) * log(1 - p)


def dirichlet(parameter: Given, alpha: Given) -> Expr:
    """Dirichlet prior on numbers that sum to one over their last index, over which it is summed.

    alpha: at least 1; one number, or a known family over the same index. Source: Bishop 2006, (2.38).
    """
    p = _member("dirichlet", parameter, "a family that sums to one (domain=Simplex)", lambda domain: domain.sums_to_one)
    if not isinstance(p, Symbol):
        raise ModelError(f"dirichlet is a prior on a family with domain=Simplex, such as pi[k], not on {p}")
    return sum_over(p.indices[-1], (_positive("dirichlet", "alpha", alpha, lowest=1) - 1) * log(p))


def inverse_wishart(parameter: Given, psi: Given, nu: Given) -> Expr:
    """Inverse-Wishart prior on a covariance matrix: |S|^-((nu + D + 1) / 2) exp(-tr(psi S^-1) / 2).

    psi: D x D, positive definite, or one number for a multiple of the identity. nu: degrees of freedom, D or more for
    a density that can be normalised. On a diagonal or spherical covariance it is this density restricted to those.
    """
    S = _covariance("inverse_wishart", parameter)
    psi, nu = _positive("inverse_wishart", "psi", psi, matrix=True), _positive("inverse_wishart", "nu", nu)
    return -(nu + _side(S) + 1) * logdet(S) / 2 - trace(psi * inverse(S)) / 2


def wishart(parameter: Given, scale: Given, nu: Given) -> Expr:
    """Wishart prior on a precision matrix: |L|^((nu - D - 1) / 2) exp(-tr(scale^-1 L) / 2). Bishop 2006, (2.155).

    scale: D x D, positive definite, or one number for a multiple of the identity. nu: degrees of freedom; D + 1 or
    more, else the density has no upper bound at singular matrices and the mode may lie there.
    """
    L = _covariance("wishart", parameter)
    scale, nu = _positive("wishart", "scale", scale, matrix=True), _positive("wishart", "nu", nu)
    return (nu - _side(L) - 1) * logdet(L) / 2 - trace(inverse(scale) * L) / 2


def normal_inverse_wishart(mean: Given, covariance: Given, m0: Given, kappa0: Given, psi: Given, nu0: Given) -> Expr:
    """Normal-inverse-Wishart prior on a mean and its covariance together. Source: Gelman et al. 2013, sec. 3.6.

    The mean is normal around m0 with the covariance divided by kappa0, the covariance inverse-Wishart with psi and nu0.
    """
    S = _covariance("normal_inverse_wishart", covariance)
    kappa = _positive("normal_inverse_wishart", "kappa0", kappa0)
    around = kappa * _form(inverse(S), _expr(mean) - _expr(m0))
    return inverse_wishart(S, psi, nu0) - logdet(S) / 2 - around / 2


@dataclass(frozen=True)
class Prior:
    """What a parser needs to know of a prior: how many parameters it is on, and the names of its hyperparameters.

    parameters: what each is, in words. hyperparameters: their names, in the order in which they are given.
    """

    density: Callable[..., Expr]
    parameters: tuple[str, ...]
    hyperparameters: tuple[str, ...]


PRIORS = {
    "normal": Prior(normal, ("a number or a vector",), ("mean", "covariance")),
    "normal_precision": Prior(normal_precision, ("a number or a vector",), ("mean", "precision")),
    "inverse_gamma": Prior(inverse_gamma, ("a positive number",), ("shape", "scale")),
    "gamma": Prior(gamma, ("a positive number",), ("shape", "rate")),
    "beta": Prior(beta, ("a probability",), ("a", "b")),
    "dirichlet": Prior(dirichlet, ("numbers that sum to one",), ("alpha",)),
    "inverse_wishart": Prior(inverse_wishart, ("a covariance matrix",), ("psi", "nu")),
    "wishart": Prior(wishart, ("a precision matrix",), ("scale", "nu")),
    "normal_inverse_wishart": Prior(
        normal_inverse_wishart, ("a mean", "its covariance matrix"), ("m0", "kappa0", "psi", "nu0")
    ),
}


def _expr(given: Given) -> Expr:
    """Return a formula; a family stands for its member at the indices with which it was declared."""
    return given.symbol if isinstance(given, Family) else as_expr(given)


def _member(name: str, parameter: Given, wanted: str, fits: Callable[[Domain], bool]) -> Expr:
    """Return what a prior is on; raises ModelError where its declared domain is not one for this prior."""
    theta = _expr(parameter)
    domain = theta.family.domain if isinstance(theta, Symbol) else None
    if not theta.shape.is_scalar or (domain is not None and not fits(domain)):
        declared = f"{theta.shape}" if domain is None else f"{theta.shape} with domain {domain.name}"
        raise ModelError(f"{name} is a prior on {wanted}, but {theta} is {declared}")
    return theta


def _covariance(name: str, parameter: Given) -> Expr:
    S = _expr(parameter)
    if not S.positive or not (S.shape.is_square or S.shape.is_scalar):
        raise ModelError(f"{name} is a prior on a positive definite matrix, but {S} is {S.shape}; declare its domain")
    return S


def _positive(name: str, argument: str, value: Given, lowest: int = 0, *, matrix: bool = False) -> Expr:
    """Return a hyperparameter; raises ModelError for a number out of its range, or a matrix in a number's place."""
    given = _expr(value)
    if not (matrix or given.shape.is_scalar):
        raise ModelError(f"{name}: {argument} is a number, but {given} is {given.shape}; check the order of arguments")
    if isinstance(given, Number) and lowest and given.value < lowest:
        raise ModelError(
            f"{name}: {argument} = {given} is below {lowest}: the density then has no upper bound where it would be "
            f"largest, and the mode may lie on the boundary; give {lowest} or more"
        )
    if isinstance(given, Number) and given.value <= 0:
        raise ModelError(f"{name}: {argument} = {given} must be positive")
    return given


def _form(matrix: Expr, vector: Expr) -> Expr:
    """Return v' A v, where A may be a number for a multiple of the identity."""
    if vector.shape.is_scalar:
        return mul(matrix, vector**2)
    return mul(matrix, vector.transposed(), vector) if matrix.shape.is_scalar else quad(matrix, vector)


def _side(matrix: Expr) -> Expr:
    return Number(Fraction(1)) if matrix.shape.rows == ONE else Size(matrix.shape.rows)
