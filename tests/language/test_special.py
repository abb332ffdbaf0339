"""Special functions: exact values against SciPy, jets against differences of balls, what cannot have a value."""

from collections.abc import Callable
from fractions import Fraction
from math import comb, factorial
from math import log as ln
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st
from scipy import special as scipy_special

from derive.errors import DeriveError, ModelError
from derive.language import (
    Expr,
    Index,
    Parameter,
    Positive,
    absolute,
    atan2,
    bessel_ratio,
    cos,
    digamma,
    exp,
    log,
    log_bessel_i,
    log_beta,
    log_binomial,
    log_factorial,
    loggamma,
    polygamma,
    ring,
    ring_special,
    sin,
    trigamma,
)
from derive.language.expr import Number, Power, as_expr, mul
from derive.language.ring import Jet, OutsideDomainError, UndecidedError
from derive.language.symbolic_power import SymbolicPower
from tests.language.exact import as_floats, exact
from tests.language.expressions import SIZES, D, a, k, mu, n, u, y
from tests.language.special_cases import CASES, p, q

Function = Callable[[Any], Any]
FUNCTIONS: dict[str, Function] = {
    "loggamma": ring_special.loggamma,
    "digamma": lambda x: ring_special.polygamma(0, x),
    "trigamma": lambda x: ring_special.polygamma(1, x),
    "tetragamma": lambda x: ring_special.polygamma(2, x),
    "Bessel, whole order": lambda x: ring_special.log_bessel_i(fmpq(3), x),
    "Bessel, order 0": lambda x: ring_special.log_bessel_i(fmpq(0), x),
    "Bessel, half order": lambda x: ring_special.log_bessel_i(fmpq(-1, 2), x),
    "Bessel ratio": lambda x: ring_special.bessel_ratio(fmpq(1, 2), x),
    "Bessel ratio, order 0": lambda x: ring_special.bessel_ratio(fmpq(0), x),
    "cosine": ring_special.cos,
    "sine": ring_special.sin,
    "angle over x": lambda x: ring_special.atan2(x, x * x - 3),
    "angle under y": lambda x: ring_special.atan2(1 - x, x * x * x),
    "absolute value": ring_special.absolute,
    "power": lambda x: ring_special.symbolic_power(x, 1 / (x + 1)),
}


def values(expr: Expr) -> np.ndarray:
    return np.array([as_floats(rows)[0, 0] for rows in exact(expr, SIZES)])


@pytest.mark.parametrize("name", CASES)
def test_exact_values_are_scipys(name: str) -> None:
    expr, argument, function = CASES[name]
    wanted = function(values(argument))
    if name == "angle":
        wanted = np.arctan2(values(q), values(p - 3))
    if name == "formula as exponent":
        wanted = values(p) ** values(q)
    np.testing.assert_allclose(values(expr), wanted, rtol=1e-9)


@pytest.mark.parametrize("name", FUNCTIONS)
@given(numerator=st.integers(1, 60))
def test_jets_are_those_of_differences(name: str, numerator: int) -> None:
    """At 400 bits a central difference with h = 2^-60 is right to some 30 digits."""
    function, x, slope, bend = FUNCTIONS[name], fmpq(numerator, 7), fmpq(2, 3), fmpq(-5, 4)
    with ctx.workprec(400):
        h = fmpq(1, 2**60)
        jet = function(Jet(x, slope, bend))
        below, here, above = (function(x + s * h * slope + s * s * h * h * bend) for s in (-1, 0, 1))
        first = (above - below) / (2 * h)
        second = (above - 2 * here + below) / (2 * h * h)
        for found, wanted in ((jet.a, here), (jet.b, first), (jet.c, second)):
            assert abs(float(arb(found) - arb(wanted))) <= 1e-12 * (1 + abs(float(arb(wanted))))


def test_log_bessel_is_right_where_the_function_itself_overflows() -> None:
    large = ring_special.log_bessel_i(fmpq(249), fmpq(10**6))
    assert float(large) == pytest.approx(np.log(scipy_special.ive(249, 1e6)) + 1e6, rel=1e-14)


@given(st.integers(0, 9), st.integers(0, 9))
def test_compositions_on_whole_numbers(above: int, below: int) -> None:
    if below > above:
        above, below = below, above
    for found, wanted in (
        (log_factorial(above), ln(factorial(above))),
        (log_binomial(above, below), ln(comb(above, below))),
        (log_beta(above + 1, below + 1), ln(factorial(above) * factorial(below) / factorial(above + below + 1))),
    ):
        assert float(arb(exact(found, SIZES)[0][0][0])) == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize(
    "undefined",
    [loggamma(-1 * u[k]), digamma(-1 * p), log_bessel_i(0, -1 * p), bessel_ratio(1, -1 * p), (-1 * p) ** a[k]],
    ids=str,
)
def test_what_has_no_value_is_refused(undefined: Expr) -> None:
    with pytest.raises(OutsideDomainError):
        exact(undefined, SIZES)


def test_a_ball_around_the_boundary_decides_nothing() -> None:
    unsure = arb(0, 1)
    functions: tuple[Function, ...] = (
        ring_special.loggamma,
        lambda v: ring_special.absolute(Jet(v, fmpq(1), fmpq(0))),
    )
    for function in functions:
        with pytest.raises(UndecidedError):
            function(unsure)
    with pytest.raises(OutsideDomainError, match="derivative"):
        ring_special.absolute(Jet(fmpq(0), fmpq(1), fmpq(0)))
    with pytest.raises(OutsideDomainError, match="origin"):
        ring_special.atan2(fmpq(0), fmpq(0))


def test_an_order_that_varies_has_no_jet() -> None:
    with pytest.raises(DeriveError, match="order"):
        ring_special.log_bessel_i(Jet(fmpq(1), fmpq(1), fmpq(0)), fmpq(2))


def test_simplifications() -> None:
    one = as_expr(1)
    assert loggamma(1) == loggamma(2) == sin(0) == as_expr(0)
    assert cos(0) == one
    assert absolute(Fraction(-2, 3)) == Number(Fraction(2, 3))
    assert absolute(u[k]) == u[k]
    assert absolute(absolute(a[k])) == absolute(a[k])
    assert log(u[k] ** a[k]) == a[k] * log(u[k])
    assert u[k] ** (a[k] - 1) * u[k] == u[k] ** a[k]
    assert u[k] ** a[k] * u[k] ** (-1 * a[k]) == one
    assert isinstance(u[k] ** (2 * a[k]), Power)
    assert (u[k] ** a[k]) ** y[n] == u[k] ** (a[k] * y[n])
    assert u[k] ** as_expr(2) == u[k] ** 2
    assert 1 ** a[k] == one
    assert isinstance(2 ** a[k], SymbolicPower)
    assert (u[k] ** a[k]).positive
    assert exp(a[k]) != 2 ** a[k]


@given(st.sampled_from([a[k] - 1, 2 * a[k], -3 * a[k] + Fraction(1, 2), a[k] * y[n] + a[k] - 2, D * a[k]]))
def test_exponents_keep_their_value(exponent: Expr) -> None:
    base = u[k] / 20
    with ctx.workprec(2000):
        found, direct = exact(base**exponent, SIZES), exact(exp(exponent * log(base)), SIZES)
        assert all(ring.agree(f[0][0], d[0][0]) for f, d in zip(found, direct, strict=True))


WRONG: dict[str, tuple[Callable[[], Any], str]] = {
    "of a vector": (lambda: loggamma(mu[k]), "takes a scalar"),
    "of zero": (lambda: loggamma(0), "positive"),
    "digamma of a negative number": (lambda: digamma(-2), "positive"),
    "trigamma of zero": (lambda: trigamma(0), "positive"),
    "order of a component": (lambda: log_bessel_i(a[k], u[k]), "same for all"),
    "fractional order": (lambda: polygamma(Fraction(1, 2), u[k]), "whole number"),  # type: ignore[arg-type]
    "order of a truth value": (lambda: polygamma(True, u[k]), "whole number"),
    "negative base": (lambda: (-2) ** a[k], "base must be positive"),
    "vector as exponent": (lambda: u[k] ** mu[k], "only scalars"),
    "vector as base": (lambda: mu[k] ** a[k], "only scalars"),
    "float as exponent": (lambda: u[k] ** 0.5, "whole numbers or fractions"),  # type: ignore[operator]
    "text as exponent": (lambda: u[k] ** "a", "whole numbers or fractions"),  # type: ignore[operator]
    "family without its index": (lambda: u[k] ** Parameter("b", k), "without its index"),
    "angle of vectors": (lambda: atan2(mu[k], mu[k]), "takes a scalar"),
}


@pytest.mark.parametrize("name", WRONG)
def test_bad_arguments_are_named(name: str) -> None:
    build, message = WRONG[name]
    with pytest.raises(ModelError, match=message):
        build()


def test_texts() -> None:
    j, b = Index("j", "K"), Parameter("b", domain=Positive)
    assert str(loggamma(u[j] + 1)) == "loggamma(u_j + 1)"
    assert str(mul(2, digamma(u[k]), trigamma(b), polygamma(3, b))) == "2 digamma(u_k) trigamma(b) polygamma3(b)"
    assert str(u[k] ** (a[k] * y[n])) == "u_k^(a_k y_n)"
    assert str(u[k] ** a[k]) == "u_k^a_k"
    assert str(log_bessel_i(D / 2 - 1, u[k])) == "log_bessel_i(D / 2 - 1, u_k)"
