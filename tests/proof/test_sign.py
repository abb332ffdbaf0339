"""Signs: proved for squares and what is made of them, never claimed for what can take either sign."""

from fractions import Fraction

import pytest

from derive.language import (
    Data,
    Dimension,
    Expr,
    Index,
    Known,
    NonNegative,
    Parameter,
    Positive,
    PositiveDefinite,
    exp,
    inverse,
    log,
    outer,
    quad,
    sqrt,
    sum_over,
    trace,
)
from derive.language.calculus_nodes import Gap
from derive.language.expr import add, as_expr, power
from derive.proof.sign import definite, semidefinite, sign

n, k, D = Index("n", "N"), Index("k", "K"), Dimension("D")
x, y, v = Data("x", n, shape=D), Known("y", n), Known("v", shape=D)
u, h, a = Parameter("u", domain=Positive), Known("h", domain=NonNegative), Known("a")
S, T = Parameter("S", domain=PositiveDefinite(D)), Known("T", domain=PositiveDefinite(D))
M = Known("M", shape=(D, D))

NONNEGATIVE = {
    "square": a**2,
    "positive": u + h,
    "exponential": exp(a),
    "even power of anything": (a - u) ** 4,
    "root": sqrt(h),
    "sum of squares": sum_over(n, y[n] ** 2),
    "form": quad(S, v),
    "form of an inverse": quad(inverse(S), v),
    "norm": v.T * v,
    "Gram": v.T * M.T * M * v,
    "between": v.T * M.T * S * M * v,
    "trace of squares": trace(S * T * S * T),
    "trace of an outer product": trace(S),
    "gap": Gap(u.symbol),
}
UNKNOWN = {
    "real": a.symbol,
    "odd power": a**3,
    "reciprocal": 1 / a,
    "two thirds": power(a, Fraction(2, 3)),
    "root of a real": sqrt(a),
    "logarithm": log(u),
    "difference": u - h,
    "square written out": u**2 - 2 * u * h + h**2,
    "not a square": v.T * M * M * v,
    "form of any matrix": quad(M, v),
    "product of definite ones": v.T * S * T * v,
    "trace of any squared": trace(S * M * S * M),
    "gap of a real": Gap(a.symbol),
    "mixed": sum_over(n, y[n] ** 2) - u,
}


@pytest.mark.parametrize("name", NONNEGATIVE)
def test_what_is_never_negative(name: str) -> None:
    found = sign(as_expr(NONNEGATIVE[name]))
    assert found is not None
    assert found.sign == 1
    below = sign(-1 * as_expr(NONNEGATIVE[name]))
    assert below is not None
    assert below.sign == -1


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_can_take_either_sign(name: str) -> None:
    assert sign(as_expr(UNKNOWN[name])) is None


def test_definite_matrices() -> None:
    assert definite(S.symbol)
    assert definite(inverse(S))
    assert definite(S + outer(v))
    assert definite(2 * S)
    assert not definite(-1 * S)
    assert not definite(S - T)
    assert not definite(outer(v))
    assert not definite(h * S)
    assert not definite(add(h * S, outer(v)))


def semidefinite_ones() -> list[Expr]:
    return [outer(v), S.symbol, h * S, M * M.T, M.T * S * M, sum_over(n, outer(x[n])), S + outer(v)]


@pytest.mark.parametrize("matrix", semidefinite_ones(), ids=str)
def test_semidefinite_matrices(matrix: Expr) -> None:
    assert semidefinite(matrix)
    assert not semidefinite(-1 * matrix)


@pytest.mark.parametrize("matrix", [M.symbol, S * T, S - T, outer(v, M * v), M * M, a * S], ids=str)
def test_matrices_that_are_not_known_to_be_semidefinite(matrix: Expr) -> None:
    assert not semidefinite(matrix)
