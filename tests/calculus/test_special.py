"""Differentials of special functions against dual numbers; wrong ones are refused; kinks and orders are named."""

from typing import Any

import pytest

from derive.calculus import differential as rules
from derive.calculus.differential import RULES, differential, rules_used
from derive.calculus.gradient import gradient
from derive.errors import NoClosedFormError, StepRefusedError
from derive.language import (
    Expr,
    Parameter,
    Positive,
    absolute,
    atan2,
    bessel_ratio,
    cos,
    digamma,
    log_bessel_i,
    log_beta,
    log_binomial,
    loggamma,
    sin,
    sum_over,
    trigamma,
)
from derive.language.calculus_nodes import Derivative
from derive.language.expr import mul
from derive.language.family import Family, Symbol
from derive.language.special import BesselRatio, Cos, LogBesselI, LogGamma, PolyGamma, SpecialFunction
from derive.language.symbolic_power import SymbolicPower
from derive.proof.certify import Certifier
from derive.proof.step import Relation, Step
from tests.language.expressions import D, a, k, n, u, y

b = Parameter("b", domain=Positive)
CERTIFIER = Certifier((n.size, k.size, D.extent))
CASES: dict[str, tuple[Expr, Family]] = {
    "loggamma": (loggamma(u[k] * b), u),
    "digamma": (y[n] * digamma(u[k] / 2), u),
    "trigamma": (trigamma(u[k] + b), u),
    "beta": (log_beta(u[k], b), u),
    "binomial": (log_binomial(u[k] + b, b), b),
    "Bessel": (log_bessel_i(D / 2 - 1, u[k]), u),
    "Bessel of a product": (y[n] * log_bessel_i(2, 3 * b * u[k]), b),
    "Bessel ratio": (bessel_ratio(D / 2 - 1, u[k]), u),
    "Bessel ratio, order a number": (bessel_ratio(0, u[k] ** 2), u),
    "cosine": (u[k] * cos(y[n] - a[k]), a),
    "sine": (sin(a[k] * y[n]), a),
    "angle": (atan2(a[k], u[k]), a),
    "angle, the other": (atan2(a[k], u[k]), u),
    "angle of both": (atan2(a[k] ** 2, a[k] - 1), a),
    "power, base": ((u[k] / 300) ** (y[n] / 300), u),
    "power, exponent": (b ** (a[k] / 300), a),
    "power, both": (u[k] ** (u[k] / 300), u),
    "sum": (sum_over(n, y[n] * loggamma(u[k])), u),
}


def certified(body: Expr, family: Family, value: Expr) -> None:
    step = Step(1, Derivative(body, Symbol(family, family.indices)), Relation.EQUAL, value, "differentiate", "words")
    CERTIFIER.certify(step, lambda _: step)


@pytest.mark.parametrize("name", CASES)
def test_gradients_against_dual_numbers(name: str) -> None:
    body, family = CASES[name]
    certified(body, family, gradient(body, Symbol(family, family.indices)))


@pytest.mark.parametrize("name", CASES)
def test_a_gradient_that_is_nearly_right_is_refused(name: str) -> None:
    body, family = CASES[name]
    right = gradient(body, Symbol(family, family.indices))
    for wrong in (mul(-1, right), mul(2, right), right + 1):
        with pytest.raises(StepRefusedError):
            certified(body, family, wrong)


WRONG: dict[type[Expr], str] = {
    LogGamma: "loggamma",
    PolyGamma: "digamma",
    LogBesselI: "Bessel",
    BesselRatio: "Bessel ratio",
    Cos: "cosine",
    SymbolicPower: "power, both",
}


@pytest.mark.parametrize("node", WRONG, ids=lambda node: node.__name__)
def test_a_wrong_rule_is_noticed(node: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    body, family = CASES[WRONG[node]]
    original = rules._rule

    def planted(expr: Expr, family: Family) -> Expr:
        right = original(expr, family)
        return mul(-1, right) if isinstance(expr, node) else right

    monkeypatch.setattr(rules, "_rule", planted)
    with pytest.raises(StepRefusedError):
        certified(body, family, gradient(body, Symbol(family, family.indices)))


def test_what_cannot_be_differentiated_says_why() -> None:
    with pytest.raises(NoClosedFormError, match="kink"):
        differential(absolute(y[n] - a[k]), a)
    with pytest.raises(NoClosedFormError, match="order"):
        differential(log_bessel_i(b, u[k]), b)


def test_every_function_has_a_rule_or_a_reason() -> None:
    found = {type(node) for body, _ in CASES.values() for node in _nodes(body)}
    smooth = {cls for cls in SpecialFunction.__subclasses__() if cls.__module__ == SpecialFunction.__module__}
    assert {cls for cls in smooth if cls.__name__ != "Absolute"} <= found
    assert smooth - set(RULES) == {type(absolute(a[k]))}
    assert [rule.dlmf for rule in rules_used(CASES["Bessel"][0], u)] == ["(10.29.2)"]


def _nodes(expr: Expr) -> list[Expr]:
    return [expr, *(node for child in expr.children for node in _nodes(child))]
