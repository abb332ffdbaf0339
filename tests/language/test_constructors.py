"""Constructors: shapes checked as formulas are written, order kept, and the few simplifications that are wanted."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from derive.errors import ModelError
from derive.language import (
    Data,
    Diagonal,
    Dimension,
    Expr,
    Index,
    Known,
    Parameter,
    Positive,
    PositiveDefinite,
    Simplex,
    diagonal_part,
    exp,
    identity,
    inverse,
    log,
    logdet,
    outer,
    quad,
    sqrt,
    sum_over,
    trace,
    transpose,
)
from derive.language.expr import add, mul, power
from derive.language.functions import Size

n, k, D, P = Index("n", "N"), Index("k", "K"), Dimension("D"), Dimension("P")
x, mu, a, u = Data("x", n, shape=D), Parameter("mu", k, shape=D), Parameter("a", k), Parameter("u", domain=Positive)
S, B = Parameter("S", domain=PositiveDefinite(D)), Known("B", shape=(D, P))

SHAPES: dict[str, tuple[Callable[[], object], str]] = {
    "add": (lambda: x[n] + a[k], "scalar.*D x 1|D x 1.*scalar"),
    "add matrices": (lambda: S + B, "D x D.*D x P"),
    "subtract a row": (lambda: x[n] - mu[k].T, "D x 1.*1 x D"),
    "multiply columns": (lambda: x[n] * mu[k], "D x 1.*D x 1"),
    "multiply matrices": (lambda: B * S, "D x P.*D x D"),
    "quad of another length": (lambda: quad(inverse(S), B.T * x[n]), "D x D.*P x 1"),
    "quad of a rectangle": (lambda: quad(B, x[n]), "D x P.*D x 1"),
    "inverse of a rectangle": (lambda: inverse(B), "D x P"),
    "logdet of a vector": (lambda: logdet(x[n]), "D x 1"),
    "trace of a rectangle": (lambda: trace(B), "D x P"),
    "diagonal of a vector": (lambda: diagonal_part(x[n]), "D x 1"),
    "log of a matrix": (lambda: log(S), "D x D"),
    "exp of a vector": (lambda: exp(x[n]), "D x 1"),
    "root of a matrix": (lambda: sqrt(S), "D x D"),
    "power of a matrix": (lambda: S**2, "D x D"),
    "division by a vector": (lambda: a[k] / x[n], "D x 1"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_that_does_not_fit_is_named(name: str) -> None:
    make, shapes = SHAPES[name]
    with pytest.raises(ModelError, match=shapes):
        make()


MISTAKES: dict[str, tuple[Callable[[], object], str]] = {
    "float": (lambda: a[k] * 0.5, "x / 2|quotient"),  # type: ignore[operator]
    "float exponent": (lambda: u**0.5, "exponent"),  # type: ignore[operator]
    "boolean": (lambda: a[k] + True, "True"),
    "text": (lambda: log("u"), "'u'"),  # type: ignore[arg-type]
    "none": (lambda: a[k] + None, "None"),  # type: ignore[operator]
    "log of zero": (lambda: log(0), "positive"),
    "division by zero": (lambda: a[k] / 0, "zero"),
    "branching": (lambda: 1 if a[k] else 0, "truth value"),
    "index forgotten": (lambda: x - mu[k], r"x\[n\]"),
    "index too many": (lambda: u[k], "declared as u"),
    "index of another plate": (lambda: mu[n], r"mu\[k\]"),
    "index that is a number": (lambda: mu[0], "Index"),  # type: ignore[index]
    "name with a space": (lambda: Parameter("a b"), "a b"),
    "name that is code": (lambda: Data("__import__('os')", n), "name"),
    "index name that is code": (lambda: Index("n;m", "N"), "Index"),
    "dimension that is a number": (lambda: Dimension(3), "dimension"),  # type: ignore[arg-type]
    "shape that is a number": (lambda: Parameter("m", shape=3), "Dimension"),  # type: ignore[arg-type]
    "domain without its size": (lambda: Parameter("m", domain=PositiveDefinite), "dimension"),
    "domain of another size": (lambda: Parameter("m", shape=(D, P), domain=PositiveDefinite(D)), "D x P"),
    "positive vector": (lambda: Parameter("m", shape=D, domain=Positive), "scalar"),
    "domain that is none": (lambda: Parameter("m", domain=3), "domain"),  # type: ignore[arg-type]
    "code that is none": (lambda: Parameter("m", code="a-b"), "a-b"),
    "code that is a keyword": (lambda: Parameter("m", code="lambda"), "lambda"),
    "name that is a keyword": (lambda: Parameter("lambda", k), "lambda"),
    "private code": (lambda: Parameter("m", code="_m"), "_m"),
    "identity of a number": (lambda: identity(3), "Dimension"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_a_model_error_that_says_so(name: str) -> None:
    make, words = MISTAKES[name]
    with pytest.raises(ModelError, match=words):
        make()


def test_terms_keep_their_order() -> None:
    difference = x[n] - mu[k]
    assert [term.key for term in difference.children] == ["x[n]", "(-1 * mu[k])"]
    assert difference != -1 * mu[k] + x[n]
    assert transpose(difference).children == (difference,)


EQUAL: dict[str, tuple[Expr, Expr]] = {
    "inverse cancels on the right": (S * inverse(S) * x[n], x[n]),
    "inverse cancels on the left": (inverse(S) * S, identity(D)),
    "inverse of an inverse": (inverse(inverse(S)), S.symbol),
    "inverse of a multiple": (inverse(2 * S), inverse(S) / 2),
    "log of exp": (log(exp(a[k])), a[k]),
    "exp of log": (exp(log(u)), u.symbol),
    "log of a power": (log(u**2), 2 * log(u)),
    "log of one": (log(1), add(0)),
    "logdet of an inverse": (logdet(inverse(S)), -logdet(S)),
    "logdet of the identity": (logdet(identity(D)), add(0)),
    "trace of the identity": (trace(identity(D)), D),
    "trace of a scalar": (trace(a[k]), a[k]),
    "transpose twice": (x[n].T.T, x[n]),
    "symmetric": (S.T, S.symbol),
    "transpose of a product": ((B.T * x[n]).T, x[n].T * B),
    "constants fold": (2 + a[k] + 3, a[k] + 5),
    "powers merge": (u * u / u**3, 1 / u),
    "zero times": (0 * a[k], add(0)),
    "sum without its index": (sum_over(n, a[k]), mul(Size(n.size), a[k])),
    "number before a sum": (sum_over(n, 2 * x[n]), 2 * sum_over(n, x[n])),
    "power one": (power(u, 1), u.symbol),
    "power zero": (power(u, 0), add(1)),
    "diagonal of a diagonal": (diagonal_part(diagonal_part(outer(x[n]))), diagonal_part(outer(x[n]))),
}


@pytest.mark.parametrize("name", EQUAL)
def test_what_is_written_differently_is_the_same(name: str) -> None:
    left, right = EQUAL[name]
    assert left == right
    assert hash(left) == hash(right)


def test_what_only_looks_alike_is_not_the_same() -> None:
    assert log(-1 * u) != -log(u)
    assert sqrt(a[k] ** 2) != a[k]
    assert outer(x[n]) != x[n].T * x[n]
    assert inverse(S + S) != inverse(S)
    assert B.symbol != B.T
    assert power(a[k] ** 2, Fraction(1, 2)) != a[k]


def test_symmetry_and_shapes_are_known() -> None:
    assert outer(x[n]).symmetric
    assert not outer(x[n], mu[k]).symmetric
    assert (S + outer(x[n])).symmetric
    assert str(outer(x[n]).shape) == "D x D"
    assert str((B.T * x[n]).shape) == "P x 1"
    assert quad(S, x[n]).shape.is_scalar
    assert Parameter("T", domain=Diagonal(D)).symbol.symmetric
    assert Parameter("pi", k, domain=Simplex)[k].positive
