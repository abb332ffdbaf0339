"""Solving for the unknown: each strategy finds what solves the equation, and each refusal says why."""

from fractions import Fraction

import pytest

from derive.calculus.gradient import gradient
from derive.errors import NoClosedFormError
from derive.language import (
    Data,
    Dimension,
    Expr,
    Index,
    Known,
    Parameter,
    Positive,
    PositiveDefinite,
    Simplex,
    exp,
    inverse,
    log,
    logdet,
    outer,
    quad,
    sqrt,
    sum_over,
    trace,
)
from derive.language.calculus_nodes import At, Derivative
from derive.language.expr import add, mul
from derive.language.family import Family, Role, Symbol
from derive.proof.certify import Certifier
from derive.proof.step import Relation, Rooted, Step
from derive.solve import eliminate_multiplier, solve

n, k, D, P = Index("n", "N"), Index("k", "K"), Dimension("D"), Dimension("P")
x, y, c = Data("x", n, shape=D), Known("y", n), Known("c", n, domain=Positive)
g = Family("gamma", Role.RESPONSIBILITY, (n, k))
gamma = g[n, k]
mu, a, u = Parameter("mu", k, shape=D), Parameter("a", k), Parameter("u", k, domain=Positive)
beta, m = Parameter("beta", k, shape=P), Parameter("m", shape=D)
S, L = Parameter("S", k, domain=PositiveDefinite(D)), Parameter("L", domain=PositiveDefinite(D))
A, B, M = Known("A", domain=PositiveDefinite(D)), Known("B", shape=(D, P)), Known("M", shape=(D, D))
W = Parameter("W", k, shape=(D, P))
CERTIFIER = Certifier((n.size, k.size, D.extent, P.extent))


def symbol(family: Family) -> Symbol:
    return Symbol(family, family.indices)


def total(body: Expr) -> Expr:
    return sum_over(n, sum_over(k, gamma * body))


SOLVED: dict[str, tuple[Expr, Family]] = {
    "weighted mean": (total(-quad(inverse(S[k]), x[n] - mu[k])), mu),
    "two metrics": (total(-quad(inverse(S[k]), x[n] - mu[k]) - quad(A, x[n] - mu[k])), mu),
    "ridge": (total(-quad(inverse(S[k]), x[n] - mu[k]) - quad(A, mu[k])), mu),
    "least squares": (total(-quad(inverse(S[k]), x[n] - B * beta[k])), beta),
    "shared": (total(-quad(inverse(S[k]), x[n] - m)), m),
    "covariance": (total(-logdet(S[k]) - quad(inverse(S[k]), x[n] - mu[k])), S),
    "shared covariance": (total(-logdet(L) - quad(inverse(L), x[n] - mu[k])), L),
    "precision": (total(logdet(S[k]) - quad(S[k], x[n] - mu[k])), S),
    "regularised precision": (total(logdet(S[k]) - quad(S[k], x[n] - mu[k]) - trace(A * S[k])), S),
    "scalar": (total(-((y[n] - a[k]) ** 2) * c[n]), a),
    "rate": (total(log(u[k]) - u[k] * c[n]), u),
    "variance": (total(-log(u[k]) - c[n] / u[k]), u),
    "deviation": (total(-log(u[k]) - c[n] / u[k] ** 2), u),
    "square root": (total(c[n] * sqrt(u[k]) - u[k]), u),
    "cube": (total(c[n] * u[k] - u[k] ** 3), u),
}


@pytest.mark.parametrize("name", SOLVED)
def test_the_solution_makes_the_gradient_zero(name: str) -> None:
    objective, family = SOLVED[name]
    lines = solve(gradient(objective, symbol(family)), symbol(family))
    last = lines[-1]
    assert last.left == symbol(family)
    assert not last.right.contains(lambda node: isinstance(node, Symbol) and node.family == family)
    at = At(Derivative(objective, symbol(family)), symbol(family), last.right)
    step = Step(1, at, Relation.EQUAL, mul(0, symbol(family)), "solution", "put back")
    CERTIFIER.certify(step, lambda _: step)


@pytest.mark.parametrize("name", SOLVED)
def test_each_line_follows_from_the_one_before(name: str) -> None:
    objective, family = SOLVED[name]
    slope = gradient(objective, symbol(family))
    steps = [Step(1, Derivative(objective, symbol(family)), Relation.EQUAL, slope, "differentiate", "words")]
    for number, line in enumerate(solve(slope, symbol(family)), 2):
        assert line.back == 1
        step = Step(
            number,
            line.left,
            line.relation,
            line.right,
            line.rule,
            line.words,
            premise=number - 1,
            move=line.move,
            assumptions=line.assumptions,
        )
        steps.append(CERTIFIER.certify(step, lambda other: steps[other - 1]))
    assert all(step.certificate is not None for step in steps[1:])


def test_a_root_is_marked_as_one() -> None:
    objective, family = SOLVED["deviation"]
    lines = solve(gradient(objective, symbol(family)), symbol(family))
    assert isinstance(lines[-1].move, Rooted)
    assert lines[-1].right.contains(lambda node: getattr(node, "exponent", None) == Fraction(1, 2))


def test_an_invertible_matrix_is_assumed_where_it_is_used() -> None:
    objective, family = SOLVED["least squares"]
    assert any(line.assumptions for line in solve(gradient(objective, symbol(family)), symbol(family)))
    objective, family = SOLVED["weighted mean"]
    last = solve(gradient(objective, symbol(family)), symbol(family))[-1]
    assert any("N_k" in assumption.words for assumption in last.assumptions)


REFUSED: dict[str, tuple[Expr, Family, str]] = {
    "sylvester": (A * S[k] + S[k] * M - outer(mu[k]), S, "Sylvester"),
    "both sides": (A * S[k] * A + S[k] - outer(mu[k]), S, "Sylvester"),
    "absent": (sum_over(n, gamma * y[n]), a, "does not contain it|not determined|no stationary point"),
    "inside an exponential": (sum_over(n, gamma * (exp(a[k]) - y[n])), a, "isolated.*one root only"),
    "inside a logarithm": (sum_over(n, gamma * (y[n] * u[k] - log(u[k]))), u, "isolated|inside"),
    "cubic of a real": (sum_over(n, gamma * (y[n] - a[k] ** 3 + a[k])), a, "linear|root"),
    "sign of a coefficient": (u[k] ** 2 * sum_over(n, gamma) - sum_over(n, gamma * y[n]), u, "sign"),
    "two positive roots": (u[k] ** 2 - 3 * u[k] + 2, u, "2 roots|roots"),
    "no positive root": (u[k] ** 2 + 3 * u[k] + 2, u, "0 roots|no positive|roots"),
    "matrix inside an inverse": (inverse(S[k] + A) - sum_over(n, gamma * outer(x[n])), S, "isolated|linear"),
    "rectangular": (B.T * mu[k] - beta[k], mu, "square"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_names_the_unknown_and_says_why(name: str) -> None:
    residual, family, reason = REFUSED[name]
    with pytest.raises(NoClosedFormError, match=reason) as refusal:
        solve(residual, symbol(family))
    assert family.name in str(refusal.value)


def test_an_unknown_on_the_left_of_known_matrices_is_not_called_sylvester() -> None:
    """W f f' = x f' is linear, with the unknown on the left only."""
    f = Known("f", n, shape=P)
    slope = gradient(total(-quad(inverse(S[k]), x[n] - W[k] * f[n])), symbol(W))
    try:
        lines = solve(slope, symbol(W))
    except NoClosedFormError as refusal:
        words = str(refusal)
    else:
        words = lines[-1].words
    assert "Sylvester" not in words


def test_the_multiplier_is_eliminated_by_the_constraint() -> None:
    pi = Parameter("pi", k, domain=Simplex)
    multiplier = Family("lambda", Role.MULTIPLIER)
    slope = gradient(total(log(pi[k])) + multiplier.symbol * (1 - sum_over(k, pi[k])), symbol(pi))
    isolated = solve(slope, symbol(pi))[-1].right
    lines = eliminate_multiplier(symbol(pi), isolated, multiplier)
    assert lines[-1].left == pi[k]
    assert not lines[-1].right.contains(lambda node: isinstance(node, Symbol) and node.family == multiplier)
    whole = Step(1, sum_over(k, lines[-1].right), Relation.EQUAL, add(1), "sum", "the weights sum to one")
    CERTIFIER.certify(whole, lambda _: whole)
    assert {line.relation for line in lines} == {Relation.EQUIVALENT, Relation.IMPLIES}


def test_a_multiplier_that_cannot_be_separated_is_refused() -> None:
    pi = Parameter("pi", k, domain=Simplex)
    multiplier = Family("lambda", Role.MULTIPLIER)
    tangled = sum_over(n, gamma) / (multiplier.symbol + u[k])
    with pytest.raises(NoClosedFormError, match="pi"):
        eliminate_multiplier(symbol(pi), tangled, multiplier)
