"""Responsibilities that are written out: pi_k f(x_n | theta_k) over their sum, inside a longer formula, is gamma_nk.

Where the gradient of the log-likelihood is set to zero, they are held fixed as gamma_nk is; a formula that has them in
full can be judged at the solution of the M-step only with the symbol in their place.
"""

from itertools import combinations

from derive.checking.derivations.worlds import UndecidableError, Worlds, difference
from derive.language.expr import Expr, Mul, Power, mul
from derive.language.family import Symbol
from derive.language.functions import Exp, exp, inverse, sum_over
from derive.language.index import Index
from derive.language.rewrite import rename

_MOST = 4  # factors that are taken together


def with_symbols(expr: Expr, worlds: Worlds) -> Expr:
    """Return a formula in which responsibilities that are written out are replaced by their symbol."""
    if not expr.contains(lambda node: isinstance(node, Exp)):
        return expr
    if isinstance(expr, Mul):
        found = _replaced(expr, worlds)
        if found is not None:
            return found
    return expr.map(lambda child: with_symbols(child, worlds))


def _replaced(expr: Mul, worlds: Worlds) -> Expr | None:
    notation = worlds.vocabulary.notation
    n = next((index for index in expr.free if index.size == notation.n.size), None)
    if n is None:
        return None
    scalars = [factor for factor in expr.factors if factor.shape.is_scalar]
    rest = [factor for factor in expr.factors if not factor.shape.is_scalar]
    below = [f for f in scalars if isinstance(f, Power) and f.exponent == -1 and not f.free - {n}]
    joint = mul(notation.model.weight, exp(notation.model.density))
    marginal = rename(sum_over(notation.k, joint), {notation.n: n})
    for divisor in below:
        if not _equal(divisor.base, marginal, worlds):
            continue
        others = [factor for factor in scalars if factor is not divisor]
        for k in {index for factor in others for index in factor.free if index.size == notation.k.size}:
            found = _with_gamma(others, n, k, worlds)
            if found is not None:
                return mul(*found, *rest)
    return None


def _with_gamma(factors: list[Expr], n: Index, k: Index, worlds: Worlds) -> list[Expr] | None:
    """Replace the factors that together are pi_k f(x_n | theta_k), or f alone, by gamma_nk or gamma_nk / pi_k."""
    notation = worlds.vocabulary.notation
    names = {notation.n: n, notation.k: k}
    density = rename(exp(notation.model.density), names)
    weight = rename(notation.model.weight, names)
    gamma = Symbol(notation.gamma, (n, k))
    for count in range(1, min(_MOST, len(factors)) + 1):
        for chosen in combinations(factors, count):
            product = mul(*chosen)
            left = [factor for factor in factors if all(factor is not one for one in chosen)]
            if _equal(product, mul(weight, density), worlds):
                return [*left, gamma]
            if _equal(product, density, worlds):
                return [*left, gamma, inverse(weight)]
    return None


def _equal(left: Expr, right: Expr, worlds: Worlds) -> bool:
    if left.free != right.free:
        return False
    try:
        return difference(left, right, worlds.places[0].free) is None
    except UndecidableError:
        return False
