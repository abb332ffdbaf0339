"""Certificates: what they record, that they repeat, and what a false equation cannot hide behind."""

from dataclasses import replace
from fractions import Fraction

import pytest

from derive.errors import StepRefusedError
from derive.language import Data, Dimension, Expr, Index, Known, Parameter, Positive, exp, log, sqrt, sum_over
from derive.language.expr import add, as_expr, power
from derive.proof.certify import Certifier
from derive.proof.step import Certificate, Relation, Step
from tests.proof.derivations import CATALOGUE, derivation, mixture

n, k, D = Index("n", "N"), Index("k", "K"), Dimension("D")
x, u, a, v = Data("x", n), Parameter("u", domain=Positive), Known("a", k), Known("v", shape=D)
CERTIFIER = Certifier((n.size, k.size, D.extent))


def certified(left: Expr, right: Expr, relation: Relation = Relation.EQUAL, **more: object) -> Certificate | None:
    step = Step(1, as_expr(left), relation, as_expr(right), "rule", "words", **more)  # type: ignore[arg-type]
    return CERTIFIER.certify(step, lambda _: step).certificate


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_step_of_the_catalogue_is_certified(name: str) -> None:
    for step in derivation(name).steps:
        found = step.certificate
        assert found is not None
        assert found.method in {"exact", "dual numbers", "sign"}
        assert found.bits in {0, 60}
        assert len(found.sizes) >= 3
        assert len(set(found.sizes)) == len(found.sizes)
        assert isinstance(found.seed, int)
        for world in found.sizes:
            sizes = [size for _, size in world]
            assert [extent for extent, _ in world] == [extent.name for extent in mixture(name).extents]
            assert len(set(sizes)) == len(sizes)
            assert min(sizes) >= 2


@pytest.mark.parametrize("name", CATALOGUE)
def test_derivatives_are_certified_by_dual_numbers_and_signs_by_proof(name: str) -> None:
    for step in derivation(name).steps:
        assert step.certificate is not None
        if step.rule in {"differentiate", "second-differential", "solution"}:
            assert step.certificate.method == "dual numbers"
        assert (step.certificate.method == "sign") == (step.relation in {Relation.AT_MOST, Relation.AT_LEAST})


def test_a_step_that_was_never_certified_has_no_certificate() -> None:
    assert Step(1, u.symbol, Relation.EQUAL, u.symbol, "rule", "words").certificate is None


def test_certifying_leaves_the_step_and_repeats() -> None:
    step = Step(1, log(u), Relation.EQUAL, log(u * 1), "rule", "words")
    once, twice = CERTIFIER.certify(step, lambda _: step), CERTIFIER.certify(step, lambda _: step)
    assert once == twice
    assert step.certificate is None
    assert replace(once, certificate=None) == step


def test_bits_say_whether_balls_were_needed() -> None:
    rational, transcendental = certified(2 * u, u + u), certified(log(u * u), 2 * log(u))
    assert rational is not None
    assert rational.bits == 0
    assert transcendental is not None
    assert transcendental.bits >= 60


def test_another_seed_is_recorded() -> None:
    step = Step(1, u.symbol, Relation.EQUAL, u.symbol, "rule", "words")
    found = Certifier(CERTIFIER.extents, seed=7).certify(step, lambda _: step).certificate
    assert found is not None
    assert found.seed == 7


tiny = Fraction(1, 10**40)
FALSE = {
    "a tiny rational": (u + 0, u + tiny),
    "a tiny number beside a logarithm": (log(u), log(u) + Fraction(1, 2**70)),
    "one beside a large exponential": (exp(u), exp(u) + 1),
    "factor two of something tiny": (exp(-(u**2)), 2 * exp(-(u**2))),
    "N for K": (sum_over(n, x[n]) * 0 + sum_over(n, u), sum_over(k, u)),
    "sum of squares for square of the sum": (sum_over(n, x[n]) ** 2, sum_over(n, x[n] ** 2)),
    "root of a square of a real": (sqrt(x[n] ** 2), x[n]),
    "logarithm of a negative number": (log(-u), u.symbol),
    "root of a negative number": (sqrt(-u), u.symbol),
    "cube root of a negative number": (power(-u, Fraction(1, 3)), u.symbol),
    "vector and its transpose": (v.symbol, v.T),
    "vector and scalar": (v.symbol, u.symbol),
    "zero at zero only": (u - u + 0, u - a[k]),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_false_equation_is_refused(name: str) -> None:
    left, right = FALSE[name]
    with pytest.raises(StepRefusedError, match="rule"):
        certified(left, right)


UNDEFINED = (log(-u), sqrt(-u), log(-(x[n] ** 2) - 1))


@pytest.mark.parametrize("undefined", UNDEFINED, ids=str)
@pytest.mark.parametrize("relation", [Relation.EQUAL, Relation.EQUAL_UP_TO_CONSTANT])
def test_what_has_no_value_certifies_nothing(undefined: Expr, relation: Relation) -> None:
    with pytest.raises(StepRefusedError):
        certified(undefined, undefined + 1, relation, variable=u)


def test_a_constant_that_is_none_is_refused() -> None:
    assert certified(u**2 + a[k], u**2, Relation.EQUAL_UP_TO_CONSTANT, variable=u) is not None
    with pytest.raises(StepRefusedError, match="depends on u"):
        certified(u**2 + a[k] * u, u**2, Relation.EQUAL_UP_TO_CONSTANT, variable=u)
    with pytest.raises(StepRefusedError, match="variable"):
        certified(u**2 + a[k], u**2, Relation.EQUAL_UP_TO_CONSTANT)


def test_the_refusal_names_rule_step_size_and_values() -> None:
    with pytest.raises(StepRefusedError, match=r"step \(1\), rule.* N = \d+, K = \d+, D = \d+: .* on the left"):
        certified(add(u, 1), u.symbol)
