"""The limits that the extend pass takes, the ends it leaves forbidden, and what it must not touch."""

import numpy as np
import pytest

from derive.language import Count, Data, Expr, Index, Known, Parameter, Positive, Probability, log, loggamma
from derive.language.family import Family, Role, Symbol
from derive.lowering.ends import ONE, ZERO, forbidden_ends
from derive.lowering.functions import lower_equation
from derive.lowering.interpreter import run
from derive.lowering.logs import SumOfLogs
from derive.lowering.passes.extend import extend
from derive.lowering.passes.separate import separate
from derive.lowering.program import Program
from derive.lowering.scope import Scope
from derive.proof.derivation import UpdateEquation

n, k = Index("n", "N"), Index("k", "K")
x, e, s = Data("x", n, domain=Count), Known("e", n, domain=Positive), Known("s", n)
lam = Parameter("lam", k, domain=Positive, code="rates")
p = Parameter("p", k, domain=Probability, code="chances")
ell = Family("l", Role.LATENT, (n, k))


def _program(value: Expr) -> Program:
    equation = UpdateEquation(Symbol(ell, (n, k)), value, 1)
    return Program("log_joint", (lower_equation("log_joint", equation, Scope(n, k, "")),))


def _extended(value: Expr) -> Program:
    return extend(separate(_program(value)))


def _has(program: Program) -> bool:
    return any(isinstance(node, SumOfLogs) for node in program.nodes())


EXTENDED: dict[str, tuple[Expr, str, set[str]]] = {
    "poisson": (x[n] * log(lam[k]) - lam[k], "rates", set()),
    "with exposures": (x[n] * log(e[n] * lam[k]) - e[n] * lam[k], "rates", set()),
    "failures": (log(p[k]) + x[n] * log(1 - p[k]), "chances", {ZERO}),
    "weighted": (3 * e[n] * x[n] * log(p[k]) + log(1 - p[k]), "chances", {ONE}),
}
LEFT: dict[str, tuple[Expr, str, set[str]]] = {
    "a bare log": (log(lam[k]) - lam[k] * x[n], "rates", {ZERO}),
    "a weight that may be negative": (s[n] * x[n] * log(lam[k]), "rates", {ZERO}),
    "known numbers that never vanish": (e[n] * log(lam[k]), "rates", {ZERO}),
    "a divisor": (-x[n] / lam[k] - x[n] * lam[k], "rates", {ZERO}),
    "a special function": (x[n] * loggamma(lam[k]), "rates", {ZERO}),
    "a log of more": (x[n] * log(1 + lam[k]), "rates", {ZERO, ONE}),
}


@pytest.mark.parametrize("name", EXTENDED)
def test_extended(name: str) -> None:
    value, parameter, ends = EXTENDED[name]
    program = _extended(value)
    assert _has(program)
    assert forbidden_ends(program, parameter) == ends
    assert forbidden_ends(_program(value), parameter) >= ends


@pytest.mark.parametrize("name", LEFT)
def test_left_alone(name: str) -> None:
    value, parameter, ends = LEFT[name]
    program = _extended(value)
    assert not _has(program)
    assert forbidden_ends(program, parameter) == ends


def test_the_limit() -> None:
    program = _extended(x[n] * log(lam[k]) - lam[k])
    inputs = {"X": np.array([0.0, 2.0, 0.0]), "rates": np.array([0.0, 1.5])}
    with np.errstate(divide="ignore"):
        found = run(program, inputs, {"N": 3, "K": 2})["log_joint"]
    np.testing.assert_allclose(found, [[0, -1.5], [-np.inf, 2 * np.log(1.5) - 1.5], [0, -1.5]])
