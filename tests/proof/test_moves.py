"""Moves: each is held to what makes it an equivalence or an implication."""

from fractions import Fraction

import pytest

from derive.errors import StepRefusedError
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
    outer,
    sqrt,
    sum_over,
)
from derive.language.calculus_nodes import Derivative
from derive.language.expr import Number, as_expr, mul
from derive.language.family import Family, Symbol
from derive.proof.certify import Certifier
from derive.proof.step import Assumption, Combined, Exponentiated, Move, Multiplied, Relation, Rooted, Step, Summed

n, k, D = Index("n", "N"), Index("k", "K"), Dimension("D")
x, u, r = Data("x", n), Parameter("u", domain=Positive), Parameter("r")
a, h, v = Known("a", k), Known("h", domain=NonNegative), Known("v", shape=D)
S, M = Parameter("S", domain=PositiveDefinite(D)), Known("M", shape=(D, D))
m = Parameter("m", shape=D)
CERTIFIER = Certifier((n.size, k.size, D.extent))
EQUIVALENT, IMPLIES = Relation.EQUIVALENT, Relation.IMPLIES
ZERO, TWO = Number(Fraction(0)), Number(Fraction(2))


def gradient_step(number: int = 1) -> Step:
    """d/du of a_k u^2 / 2 - x_n u, which is a_k u - x_n."""
    return Step(
        number, Derivative(a[k] * u**2 / 2 - x[n] * u, Symbol(u, ())), Relation.EQUAL, a[k] * u - x[n], "rule", "words"
    )


def vector_step() -> Step:
    """d/dm of m' S m / 2 - v' m, which is S m - v."""
    return Step(1, Derivative(m.T * S * m / 2 - v.T * m, Symbol(m, ())), Relation.EQUAL, S * m - v, "rule", "words")


def follows(
    left: Expr,
    right: Expr,
    move: Move | None,
    relation: Relation = EQUIVALENT,
    *,
    premise: int = 1,
    assumptions: tuple[Assumption, ...] = (),
    number: int = 2,
) -> Step:
    return Step(
        number,
        as_expr(left),
        relation,
        as_expr(right),
        "rule",
        "words",
        premise=premise,
        move=move,
        assumptions=assumptions,
    )


def check(*steps: Step) -> None:
    """Certify steps in order, each of which sees the earlier ones only."""
    done: dict[int, Step] = {}
    for step in steps:
        done[step.number] = CERTIFIER.certify(step, lambda number: done[number])


def test_multiplied_by_what_is_invertible() -> None:
    check(gradient_step(), follows(2 * (a[k] * u - x[n]), ZERO, Multiplied(TWO)))
    check(gradient_step(), follows(u * (a[k] * u - x[n]), ZERO, Multiplied(u.symbol)))
    check(gradient_step(), follows(exp(a[k]) * (a[k] * u - x[n]), ZERO, Multiplied(exp(a[k]))))
    check(vector_step(), follows(inverse(S) * (S * m - v), mul(0, v), Multiplied(inverse(S))))


UNSAFE = {
    "zero": ZERO,
    "real": a[k],
    "may be zero": h.symbol,
    "vanishes somewhere": exp(a[k]) - 1,
    "reciprocal": 1 / a[k],
}


@pytest.mark.parametrize("name", UNSAFE)
def test_a_factor_that_may_vanish_is_refused(name: str) -> None:
    factor = UNSAFE[name]
    with pytest.raises(StepRefusedError, match=r"invertible|does not exist"):
        check(gradient_step(), follows(factor * (a[k] * u - x[n]), ZERO, Multiplied(factor)))


SINGULAR = {
    "any matrix": M.symbol,
    "outer product": outer(v),
    "multiple that may be zero": h * S,
    "sum with such a multiple": h * S + outer(v),
    "inverse of such a sum": inverse(h * S + outer(v)),
}


@pytest.mark.parametrize("name", SINGULAR)
def test_a_matrix_that_may_be_singular_is_refused(name: str) -> None:
    factor = SINGULAR[name]
    with pytest.raises(StepRefusedError, match=r"invertible|does not exist"):
        check(vector_step(), follows(factor * (S * m - v), mul(0, v), Multiplied(factor)))


def test_an_assumption_does_not_make_a_singular_matrix_invertible() -> None:
    with pytest.raises(StepRefusedError):
        check(
            vector_step(),
            follows(
                outer(v) * (S * m - v),
                mul(0, v),
                Multiplied(outer(v)),
                assumptions=(Assumption(outer(v), "invertible"),),
            ),
        )


def test_an_assumption_about_something_else_does_not_help() -> None:
    for other in (x[n], a[Index("j", "K")], 2 * a[k], a[k] ** 2, a[k] + 0 * h + 1):
        step = follows(a[k] * (a[k] * u - x[n]), ZERO, Multiplied(a[k]), assumptions=(Assumption(other, "not zero"),))
        with pytest.raises(StepRefusedError, match="invertible"):
            check(gradient_step(), step)


def test_an_assumption_about_the_very_factor_is_enough() -> None:
    assumed = (Assumption(a[k], "a_k is not zero"),)
    check(gradient_step(), follows(a[k] * (a[k] * u - x[n]), ZERO, Multiplied(a[k]), assumptions=assumed))


def test_only_a_gradient_is_set_to_zero() -> None:
    stated = Step(1, a[k] * u - x[n], Relation.EQUAL, a[k] * u - x[n], "rule", "words")
    with pytest.raises(StepRefusedError):
        check(stated, follows(2 * (a[k] * u - x[n]), ZERO, Multiplied(TWO)))


def test_an_expression_up_to_a_constant_is_not_set_to_zero() -> None:
    stated = Step(1, u**2 + a[k], Relation.EQUAL_UP_TO_CONSTANT, u**2, "rule", "words", variable=u)
    with pytest.raises(StepRefusedError):
        check(stated, follows(2 * u**2, ZERO, Multiplied(TWO)))


def test_an_inequality_is_not_an_equation() -> None:
    stated = Step(1, -1 * h, Relation.AT_MOST, ZERO, "rule", "words")
    with pytest.raises(StepRefusedError):
        check(stated, follows(2 * h, ZERO, Multiplied(Number(Fraction(-2)))))


@pytest.mark.parametrize("premise", [2, 3])
def test_nothing_follows_from_itself_or_from_what_comes_later(premise: int) -> None:
    circle = {
        2: follows(u.symbol, x[n], Multiplied(), premise=premise),
        3: follows(u.symbol, x[n], Multiplied(), premise=2, number=3),
    }
    with pytest.raises(StepRefusedError):
        CERTIFIER.certify(circle[2], circle.__getitem__)


def test_a_sum_is_implied_and_not_equivalent() -> None:
    total = sum_over(n, a[k] * u - x[n])
    check(gradient_step(), follows(total, ZERO, Summed(n), IMPLIES))
    with pytest.raises(StepRefusedError, match="move"):
        check(gradient_step(), follows(total, ZERO, Summed(n), EQUIVALENT))
    with pytest.raises(StepRefusedError):
        check(gradient_step(), follows(total, ZERO, Summed(k), IMPLIES))


def test_a_combination_is_implied_and_not_equivalent() -> None:
    first, second = gradient_step(1), gradient_step(2)
    total = 3 * (a[k] * u - x[n])
    check(first, second, follows(total, ZERO, Combined(2, TWO), IMPLIES, number=3))
    with pytest.raises(StepRefusedError, match="move"):
        check(first, second, follows(total, ZERO, Combined(2, TWO), EQUIVALENT, number=3))
    with pytest.raises(StepRefusedError):
        check(first, second, follows(total, ZERO, Combined(2, Number(Fraction(3))), IMPLIES, number=3))


def test_exponentials_are_taken_of_both_sides() -> None:
    start = follows(a[k] * u, x[n], Multiplied())
    check(gradient_step(), start, follows(exp(a[k] * u), exp(x[n]), Exponentiated(), premise=2, number=3))
    with pytest.raises(StepRefusedError):
        check(gradient_step(), start, follows(exp(a[k] * u), x[n], Exponentiated(), premise=2, number=3))


@pytest.mark.parametrize("relation", [EQUIVALENT, IMPLIES])
def test_an_equation_needs_premise_and_move(relation: Relation) -> None:
    with pytest.raises(StepRefusedError, match="premise"):
        CERTIFIER.certify(Step(2, u.symbol, relation, x[n], "rule", "words"), lambda _: gradient_step())
    with pytest.raises(StepRefusedError, match="by what move"):
        check(gradient_step(), follows(u.symbol, x[n], None, relation))


def polynomial(unknown: Family, *, gradient: Expr, body: Expr) -> Step:
    return Step(1, Derivative(body, Symbol(unknown, ())), Relation.EQUAL, gradient, "rule", "words")


def test_the_one_positive_root_is_admitted() -> None:
    start = polynomial(u, gradient=u**2 - h - 1, body=u**3 / 3 - (h + 1) * u)
    check(start, follows(u.symbol, sqrt(h + 1), Rooted()))


@pytest.mark.parametrize("root", [1, 2])
def test_one_of_two_positive_roots_is_refused(root: int) -> None:
    start = polynomial(u, gradient=u**2 - 3 * u + 2, body=u**3 / 3 - 3 * u**2 / 2 + 2 * u)
    with pytest.raises(StepRefusedError):
        check(start, follows(u.symbol, Number(Fraction(root)), Rooted()))


def test_a_root_of_a_real_unknown_is_refused() -> None:
    start = polynomial(r, gradient=r**2 - h - 1, body=r**3 / 3 - (h + 1) * r)
    with pytest.raises(StepRefusedError):
        check(start, follows(r.symbol, sqrt(h + 1), Rooted()))
