"""Each rule of differentiation against dual numbers, which know no rule; and rules made wrong, which are noticed."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from derive.calculus import differential as rules
from derive.calculus.differential import differential, direction
from derive.calculus.gradient import gradient, project
from derive.errors import DeriveError, NoClosedFormError, StepRefusedError
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
    Spherical,
    diagonal_part,
    exp,
    inverse,
    log,
    logdet,
    quad,
    sqrt,
    sum_over,
    trace,
)
from derive.language.calculus_nodes import Derivative
from derive.language.domain import Domain
from derive.language.expr import Expr as Tree
from derive.language.expr import add, as_expr, mul
from derive.language.family import Family, Symbol
from derive.language.functions import Exp, Inverse, Log, LogDet, Trace
from derive.proof.certify import Certifier
from derive.proof.step import Relation, Step
from tests.language.expressions import a, mu, scalars

n, k, D = Index("n", "N"), Index("k", "K"), Dimension("D")
x, y, v = Data("x", n, shape=D), Known("y", n), Known("v", shape=D)
u, r = Parameter("u", k, domain=Positive), Parameter("r", k)
m, S = Parameter("m", k, shape=D), Parameter("S", k, domain=PositiveDefinite(D))
L, T, R = Parameter("L", domain=Diagonal(D)), Parameter("T", domain=Spherical(D)), Parameter("R", shape=(D, D))
M, A = Known("M", shape=(D, D)), Known("A", domain=PositiveDefinite(D))
CERTIFIER = Certifier((n.size, k.size, D.extent))


def certified(body: Expr, family: Family, value: Expr) -> None:
    """Hold a gradient to dual numbers, at random points."""
    step = Step(1, Derivative(body, Symbol(family, family.indices)), Relation.EQUAL, value, "differentiate", "words")
    CERTIFIER.certify(step, lambda _: step)


CASES: dict[str, tuple[Expr, Family]] = {
    "product": (u[k] * r[k] * y[n], r),
    "power": (r[k] ** 3, r),
    "negative power": (1 / u[k] ** 2, u),
    "root": (sqrt(u[k]) * y[n], u),
    "logarithm": (log(u[k]) + log(u[k] + y[n] ** 2), u),
    "exponential": (exp(r[k] * y[n] / 100), r),
    "linear form": (v.T * m[k], m),
    "quadratic form": (quad(M, m[k]), m),
    "distance": (quad(inverse(S[k]), x[n] - m[k]), m),
    "inverse in a form": (quad(inverse(S[k]), x[n] - m[k]), S),
    "inverse between": (v.T * M * inverse(S[k]) * M * x[n], S),
    "inverse twice": (trace(inverse(S[k]) * A * inverse(S[k])), S),
    "determinant": (logdet(S[k]), S),
    "determinant of a sum": (logdet(S[k] + A), S),
    "trace": (trace(M * S[k]), S),
    "trace of a square": (trace(S[k] * M * S[k]), S),
    "any matrix": (trace(M * R * A * R.T), R),
    "any matrix, one side": (x[n].T * R * v, R),
    "transposed": (v.T * R.T * x[n], R),
    "diagonal": (trace(M * L) + logdet(L), L),
    "diagonal in a form": (quad(inverse(L), x[n] - m[k]), L),
    "spherical": (trace(M * T) + logdet(T), T),
    "spherical in a form": (quad(inverse(T), x[n] - m[k]), T),
    "diagonal part": (trace(diagonal_part(R * M) * A), R),
    "sum over samples": (sum_over(n, y[n] * quad(S[k], x[n] - m[k])), m),
    "sum over components": (sum_over(n, sum_over(k, y[n] * quad(S[k], x[n] - m[k]))), m),
    "square of a sum": (sum_over(k, r[k]) ** 2, r),
}


@pytest.mark.parametrize("name", CASES)
def test_gradients_against_dual_numbers(name: str) -> None:
    """Right, or refused where no rule reads it off."""
    body, family = CASES[name]
    try:
        found = gradient(body, Symbol(family, family.indices))
    except NoClosedFormError:
        assert name in {"diagonal part", "square of a sum"}
        return
    certified(body, family, found)


@given(scalars(3))
def test_gradients_of_anything_are_right_or_refused(body: Expr) -> None:
    for family in (a, mu):
        try:
            found = gradient(body, Symbol(family, family.indices))
        except DeriveError:
            continue
        certified(body, family, found)


@pytest.mark.parametrize("name", CASES)
def test_a_differential_is_linear_in_the_direction(name: str) -> None:
    body, family = CASES[name]
    linear = differential(body, family)
    moving = direction(family)

    def degree(node: Tree) -> int:
        if isinstance(node, Symbol):
            return int(node.family == moving)
        parts = [degree(child) for child in node.children]
        return sum(parts) if type(node).__name__ in {"Mul", "Word"} else max(parts, default=0)

    assert degree(linear) == 1
    assert moving.domain.structure == family.domain.structure
    assert differential(v.T * v + 3, family) == as_expr(0)


@pytest.mark.parametrize("domain", [PositiveDefinite(D), Diagonal(D), Spherical(D)], ids=lambda domain: domain.name)
def test_projection_is_on_the_tangent_space(domain: Domain) -> None:
    """The gradient of tr(M'Z) in Z is the projection of M; to project again changes nothing."""
    family = Parameter("Z", domain=domain)
    for matrix in (M.symbol, M * A, A.symbol, add(M, A), mul(2, M.T)):
        certified(trace(matrix.T * family), family, project(matrix, domain))
        certified(trace(matrix.T * family), family, project(project(matrix, domain), domain))


def negated(rule: Callable[..., Expr]) -> Callable[..., Expr]:
    return lambda expr, family: mul(-1, rule(expr, family))


def doubled(rule: Callable[..., Expr]) -> Callable[..., Expr]:
    return lambda expr, family: mul(2, rule(expr, family))


WRONG = {
    Inverse: "inverse in a form",
    LogDet: "determinant",
    Log: "logarithm",
    Exp: "exponential",
    Trace: "trace",
}


@pytest.mark.parametrize("change", [negated, doubled])
@pytest.mark.parametrize("node", WRONG, ids=lambda node: node.__name__)
def test_a_wrong_rule_is_noticed(node: Any, change: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    body, family = CASES[WRONG[node]]
    right = rules._rule.dispatch(node)

    def planted(expr: Expr, family: Family) -> Expr:
        return change(right)(expr, family) if isinstance(expr, node) else original(expr, family)

    original = rules._rule
    monkeypatch.setattr(rules, "_rule", planted)
    with pytest.raises(StepRefusedError):
        certified(body, family, gradient(body, Symbol(family, family.indices)))


def test_what_no_rule_differentiates_is_named() -> None:
    outside = Derivative(r[k] ** 2, Symbol(r, (k,)))
    with pytest.raises(NoClosedFormError, match="derivative"):
        differential(outside, r)
