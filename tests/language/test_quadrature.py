"""Rigorous integrals of u^a exp(-b u), against the functions that they are not computed from."""

import pytest
from flint import arb, ctx, fmpq

from derive.errors import StepRefusedError
from derive.language import Latent, Parameter, Positive, exp, log
from derive.language.evaluate import Evaluator
from derive.language.expr import Expr
from derive.language.family import Symbol
from derive.language.integral import LogIntegral, PosteriorMean
from derive.language.quadrature import linear
from derive.language.ring import OutsideDomainError
from derive.language.world import World

LATENT = Latent("u", domain=Positive)
U = Symbol(LATENT, ())
a, b = Parameter("a", domain=Positive), Parameter("b", domain=Positive)
NARROW = arb(2) ** -100


def valued(expr: Expr, at: tuple[fmpq, fmpq]) -> arb:
    changes: dict[tuple[str, tuple[int, ...]], fmpq] = {("a", ()): at[0], ("b", ()): at[1]}
    with ctx.workprec(192):
        found: arb = Evaluator(World({}, 1)).with_changes(changes)(expr, {})
        return found


@pytest.mark.parametrize("shape", [fmpq(1, 200), fmpq(1, 2), fmpq(1), fmpq(31, 7), fmpq(2001, 2)])
@pytest.mark.parametrize("rate", [fmpq(1, 97), fmpq(5)])
def test_against_the_gamma_function(shape: fmpq, rate: fmpq) -> None:
    body = (a - 1) * log(U) - b * U + 3
    with ctx.workprec(192):
        m, r = arb(shape), arb(rate)
        wanted = m.lgamma() - m * r.log() + 3
        for node, right in (
            (LogIntegral(body, U), wanted),
            (PosteriorMean(U.plus(0), body, U), m / r),
            (PosteriorMean(log(U), body, U), m.digamma() - r.log()),
            (PosteriorMean(body, body, U), (m - 1) * (m.digamma() - r.log()) - m + 3),
        ):
            found = valued(node, (shape, rate))
            assert found.overlaps(right)
            assert found.rad() < NARROW * (1 + abs(right))
            assert not (found + arb(2) ** -90 * (1 + abs(right))).overlaps(right)


@pytest.mark.parametrize(
    "body",
    [(a - 1) * log(U) - b * U**2, log(1 + U) - b * U, exp(U) - b * U, log(U) * U - b * U],
)
def test_other_integrands_are_refused(body: Expr) -> None:
    with pytest.raises(StepRefusedError, match="evaluated for"):
        valued(LogIntegral(body, U), (fmpq(2), fmpq(3)))


@pytest.mark.parametrize("body", [-(a * log(U)) - b * U, a * log(U) + b * U, a * log(U), -2 * log(U) - U])
def test_infinite_integrals_are_refused(body: Expr) -> None:
    with pytest.raises(OutsideDomainError, match="infinite"):
        valued(LogIntegral(body, U), (fmpq(2), fmpq(3)))


def test_the_variable_is_bound() -> None:
    node = LogIntegral(a * log(U) - b * U, U)
    assert {name for name, _ in node.members} == {"a", "b"}
    assert linear(log(U) * a - U * 3, U, lambda _: fmpq(3)).log_part == 3
