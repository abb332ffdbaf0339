"""Exact evaluation against the float evaluator, differences, and SymPy's explicit matrices."""

from fractions import Fraction

import numpy as np
import pytest
import sympy
from flint import arb, ctx, fmpq
from hypothesis import given
from hypothesis import strategies as st

from derive.language import (
    Dimension,
    Expr,
    Index,
    Known,
    Parameter,
    Positive,
    PositiveDefinite,
    Spherical,
    exp,
    inverse,
    log,
    logdet,
    quad,
    ring,
    sqrt,
    sum_over,
    trace,
)
from derive.language.calculus_nodes import At, Derivative, Expectation, Named, SecondDifferential
from derive.language.domain import Domain, Simplex, tangent_space
from derive.language.evaluate import Evaluator
from derive.language.expr import mul, power
from derive.language.family import Family, Role, Symbol
from derive.language.ring import Jet, OutsideDomainError, UndecidedError, agree
from derive.language.world import World, tangent_basis
from tests.language.exact import as_floats, exact, numeric, world
from tests.language.expressions import SIZES, D, S, T, a, expressions, k, mu, n, scalars, u, x, y

direction = Known("d", k)


def close(expr: Expr, rtol: float = 1e-9) -> None:
    for rows, wanted in zip(exact(expr, SIZES), numeric(expr, SIZES), strict=True):
        np.testing.assert_allclose(as_floats(rows), wanted, rtol=rtol, atol=1e-9 * (1 + np.abs(wanted).max()))


@given(expressions)
def test_exact_values_are_those_of_the_float_evaluator(expr: Expr) -> None:
    close(expr, 1e-6)


TRANSCENDENTAL = (
    log(u[k]),
    exp(a[k] / 1000),
    logdet(S[k]),
    sqrt(u[k]),
    power(u[k], Fraction(-3, 2)),
    log(sum_over(k, u[k])),
)


@pytest.mark.parametrize("expr", TRANSCENDENTAL, ids=str)
def test_balls_enclose_the_value(expr: Expr) -> None:
    close(expr)


@given(scalars(2))
def test_derivatives_against_differences(expr: Expr) -> None:
    """A quotient of exact values: the error of a central difference of a polynomial falls with h squared."""
    gradient, h = Derivative(expr, Symbol(a, (k,))), fmpq(1, 10**12)
    at = Evaluator(world(SIZES))
    free = sorted(expr.free | {k})
    env = dict.fromkeys(free, 1)
    here = at.world.value(a, (1,))
    up, down = (at.with_changes({("a", (1,)): here + s * h})(expr, env) for s in (1, -1))
    slope = (up - down) / (2 * h)
    found = at(gradient, env)
    assert abs(float(slope.p) / float(slope.q) - float(found.p) / float(found.q)) <= 1e-9 * (
        1 + abs(float(found.p) / float(found.q))
    )


def sympy_matrix(family: Family, side: int) -> sympy.Matrix:
    if family.domain.structure == "spherical":
        return sympy.eye(side) * sympy.Symbol("s", positive=True)
    if family.domain.structure == "diagonal":
        return sympy.diag(*sympy.symbols(f"s:{side}", positive=True))
    if family.domain.structure == "symmetric":
        return sympy.Matrix(side, side, lambda i, j: sympy.Symbol(f"s{min(i, j)}{max(i, j)}"))
    return sympy.Matrix(side, side, lambda i, j: sympy.Symbol(f"s{i}{j}"))


STRUCTURES: tuple[Family, ...] = (
    Parameter("Z", domain=PositiveDefinite(D)),
    T,
    Parameter("Z", domain=Spherical(D)),
    Parameter("Z", shape=(D, D)),
)


@pytest.mark.parametrize("family", STRUCTURES, ids=lambda family: family.domain.name)
def test_gradients_on_tangent_spaces_against_sympy(family: Family) -> None:
    """tr(A Z B Z') + log det of the symmetric ones: SymPy differentiates entry by entry, at a concrete size."""
    side, first, second = 2, Known("A", shape=(D, D)), Known("B", shape=(D, D))
    body = trace(first * family * second * family.T)
    if family.domain.symmetric:
        body = body + logdet(family.symbol)
    drawn = World({D.extent: side}, 3)
    values = {
        f.name: sympy.Matrix([[sympy.Rational(int(e.p), int(e.q)) for e in row] for row in drawn.value(f, ())])
        for f in (first, second, family)
    }
    Z = sympy_matrix(family, side)
    scalar = (values["A"] * Z * values["B"] * Z.T).trace() + (sympy.log(Z.det()) if family.domain.symmetric else 0)
    free = sorted(Z.free_symbols, key=str)
    at = {s: next(values[family.name][i, j] for i in range(side) for j in range(side) if Z[i, j] == s) for s in free}
    wanted = sympy.zeros(side, side)
    for s in free:
        basis = Z.diff(s)
        wanted += scalar.diff(s).subs(at) * basis / (basis.T * basis).trace()
    found = Evaluator(drawn)(Derivative(body, Symbol(family, ())), {})
    assert sympy.Matrix([[sympy.Rational(int(e.p), int(e.q)) for e in row] for row in found]) == wanted


@pytest.mark.parametrize("family", STRUCTURES, ids=lambda family: family.domain.name)
def test_tangent_bases_are_orthogonal_and_span(family: Family) -> None:
    basis = [as_floats(matrix).ravel() for matrix in tangent_basis(family.domain, 3, 3)]
    gram = np.array([[b @ c for c in basis] for b in basis])
    assert np.array_equal(gram, np.diag(np.diag(gram)))
    assert len(basis) == {"symmetric": 6, "diagonal": 3, "spherical": 1, "full": 9}[family.domain.structure]
    drawn = as_floats(World({D.extent: 3}, 1).value(family, ())).ravel()
    rest = drawn - sum((b @ drawn) / (b @ b) * b for b in basis)
    assert np.abs(rest).max() < 1e-9 * np.abs(drawn).max()
    assert tangent_space(family.domain).structure == family.domain.structure


def test_second_differentials_against_a_known_form() -> None:
    """d^2 of log u along d is -(d / u)^2, of a cube 6 u d^2."""
    for body, wanted in ((log(u[k]), -((direction[k] / u[k]) ** 2)), (u[k] ** 3, 6 * u[k] * direction[k] ** 2)):
        second = SecondDifferential(sum_over(k, body), u, direction)
        assert exact(second, SIZES) == exact(sum_over(k, wanted), SIZES)


def test_expectations_by_enumeration() -> None:
    z, p = Family("z", Role.LATENT, (n, k)), Family("p", Role.RESPONSIBILITY, (n, k))
    single = sum_over(n, sum_over(k, z[n, k] * a[k]))
    assert exact(Expectation(single, z, p), SIZES) == exact(sum_over(n, sum_over(k, p[n, k] * a[k])), SIZES)
    squared = Expectation(single**2, z, p)
    assert exact(squared, SIZES) != exact(sum_over(n, sum_over(k, p[n, k] * a[k])) ** 2, SIZES)


def test_at_replaces_every_member() -> None:
    whole = sum_over(k, a[k] * u[k])
    wanted = exact(sum_over(k, u[k] ** 2), SIZES)
    assert set(exact(At(whole, Symbol(a, (k,)), u[k]), SIZES)) == set(wanted)
    assert exact(Named("f", "f", whole), SIZES) == exact(whole, SIZES)


def test_a_world_depends_on_its_seed_only() -> None:
    assert exact(S[k], SIZES) == exact(S[k], SIZES)
    assert exact(S[k], SIZES, seed=1) != exact(S[k], SIZES, seed=2)
    pi = Parameter("pi", k, domain=Simplex)
    assert exact(sum_over(k, pi[k]), SIZES) == [((fmpq(1),),)]
    assert all(entry[0][0] > 0 for entry in exact(pi[k], SIZES))


@pytest.mark.parametrize(
    "domain", [Positive(), Domain(), PositiveDefinite(D), Spherical(D)], ids=lambda domain: domain.name
)
def test_values_are_in_their_domains(domain: Domain) -> None:
    family = Parameter("f", k, domain=domain)
    for rows in exact(family[k], SIZES):
        values = as_floats(rows)
        if domain.symmetric:
            assert np.array_equal(values, values.T)
        if domain.positive:
            assert np.all(np.linalg.eigvalsh(values) > 0)


def test_a_singular_matrix_has_no_inverse() -> None:
    with pytest.raises(ZeroDivisionError):
        exact(inverse(mul(x[n], x[n].T)), SIZES)


@pytest.mark.parametrize(
    "undefined", [log(-1 * u[k]), sqrt(-1 * u[k]), power(-1 * u[k], Fraction(1, 3)), logdet(-1 * T.symbol * 1)], ids=str
)
def test_what_has_no_real_value_agrees_with_nothing(undefined: Expr) -> None:
    """SIZES has D = 2, where det(-T) is positive: then at D = 3."""
    with pytest.raises((UndecidedError, ArithmeticError, ValueError)):
        agree(exact(undefined, SIZES | {"D": 3})[0][0][0], fmpq(1))


rationals = st.fractions(-20, 20, max_denominator=9).map(lambda q: fmpq(q.numerator, q.denominator))


@given(rationals, rationals, rationals, rationals)
def test_jets_multiply_as_polynomials_do(a0: fmpq, a1: fmpq, b0: fmpq, b1: fmpq) -> None:
    left, right = Jet(a0, a1, fmpq(0)), Jet(b0, b1, fmpq(0))
    product = left * right
    assert (product.a, product.b, product.c) == (a0 * b0, a0 * b1 + a1 * b0, a1 * b1)
    assert left + right - right == left
    if b0 != 0:
        assert (left / right) * right == left


@given(st.fractions(Fraction(1, 20), 50, max_denominator=20), st.fractions(-5, 5, max_denominator=7))
def test_jets_of_functions(at: Fraction, step: Fraction) -> None:
    value, h = fmpq(at.numerator, at.denominator), fmpq(step.numerator, step.denominator)
    with ctx.workprec(200):
        jet = Jet(value, h, fmpq(0))
        logarithm, root = ring.log(jet), ring.power(jet, Fraction(1, 2))
        assert logarithm.b == h / value
        assert logarithm.c == -((h / value) ** 2) / 2
        back = ring.exp(logarithm)
        assert agree(back.a, value)
        assert agree(back.b, h)
        assert agree(back.c, fmpq(0))
        square = root * root
        assert agree(square.a, value)
        assert agree(square.b, h)
        assert agree(square.c, fmpq(0))


def test_agreement_is_not_a_tolerance() -> None:
    with ctx.workprec(192):
        assert not agree(fmpq(1), fmpq(1) + fmpq(1, 10**60))
        assert not agree(arb(2).log(), arb(2).log() + arb(1) / 10**40)
        assert agree(arb(2).log() * 2, arb(4).log())
    with pytest.raises(UndecidedError):
        agree(arb(1, 1), arb(1, 1))
    with pytest.raises(OutsideDomainError):
        agree(arb("nan"), arb(1))


def test_names_do_not_leak_between_positions() -> None:
    assert quad(S[k], x[n]).free == {n, k}
    assert len(exact(quad(S[k], x[n]), SIZES)) == SIZES["N"] * SIZES["K"]
    assert exact(y[n] * a[k], SIZES)[0] != exact(y[n] * a[k], SIZES)[1]
    assert Dimension("D") == D
    assert mu[k] != mu[Index("j", "K")]
