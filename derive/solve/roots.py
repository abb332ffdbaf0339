"""A polynomial equation in one positive scalar unknown: roots by SymPy, the admissible one chosen by the domain.

SymPy sees scalars only: every coefficient is replaced by an opaque symbol with the sign that was proved for it.
"""

from fractions import Fraction

import sympy

from derive.errors import NoClosedFormError
from derive.language.expr import Expr, Number, add, mul, power
from derive.language.family import Symbol
from derive.language.functions import inverse, sqrt
from derive.language.polynomial import coefficients_by_exponent
from derive.proof.sign import positive, sign
from derive.proof.step import Assumption, Rooted
from derive.solve.line import Line


def solve_polynomial(residual: Expr, unknown: Symbol) -> list[Line]:
    """Solve a polynomial in a positive unknown with exactly one positive root; else raises NoClosedFormError."""
    if not unknown.family.domain.positive:
        raise NoClosedFormError(f"the equation for {unknown} is not linear in it, and no domain singles out one root")
    found = coefficients_by_exponent(residual, unknown)
    if found is None:
        raise NoClosedFormError(f"{unknown} cannot be isolated: it occurs inside another function than a power")
    u = sympy.Symbol("u", positive=True)
    names: dict[sympy.Symbol, Expr] = {}
    polynomial = sympy.Integer(0)
    for i, (exponent, total) in enumerate(sorted(found.items())):
        proved = sign(total)
        if proved is None:
            raise NoClosedFormError(f"the equation for {unknown} is polynomial, but the sign of {total} is not known")
        opaque = sympy.Symbol(f"c{i}", positive=True)
        names[opaque] = mul(proved.sign, total)
        polynomial += proved.sign * opaque * u ** sympy.Rational(exponent.numerator, exponent.denominator)
    value = _of_quadratic(found)
    if value is not None:
        return [_line(unknown, value)]
    roots = [root for root in sympy.solve(polynomial, u) if root.is_positive]
    if len(roots) != 1:
        degree = max(found, default=Fraction(0))
        raise NoClosedFormError(
            f"the equation for {unknown} is a polynomial of degree {degree} with {len(found)} terms, none of whose "
            "roots is known to be the only positive one: no closed form"
        )
    return [_line(unknown, _back(roots[0], names))]


def _of_quadratic(found: dict[Fraction, Expr]) -> Expr | None:
    """Return the positive root of a u^2 + b u = c in u^p, for a, b and c of one sign; None for another equation.

    It is written 2 c / (b + sqrt(b^2 + 4 a c)): the textbook form subtracts, and loses what two close numbers share.
    """
    exponents = sorted(found)
    if len(exponents) != 3 or exponents[2] - exponents[1] != exponents[1] - exponents[0]:
        return None
    signs = [proved.sign for proved in map(sign, (found[exponent] for exponent in exponents)) if proved is not None]
    if signs not in ([1, -1, -1], [-1, 1, 1]):
        return None
    c, b, a = (mul(each, found[exponent]) for each, exponent in zip(signs, exponents, strict=True))
    root = sqrt(add(power(b, 2), mul(4, a, c)))
    return power(mul(2, c, inverse(add(b, root))), 1 / (exponents[1] - exponents[0]))


def _line(unknown: Symbol, value: Expr) -> Line:
    words = "the one positive root: all other roots are outside of the domain"
    assumed = () if positive(value) else (Assumption(value, f"{unknown.family.name} > 0 at this root"),)
    return Line(unknown, value, Rooted(), words, "admissible-root", assumptions=assumed)


def _back(root: sympy.Expr, names: dict[sympy.Symbol, Expr]) -> Expr:
    """Translate SymPy's root into the language."""
    if root in names:
        return names[root]
    if root.is_Rational:
        return Number(Fraction(int(root.p), int(root.q)))
    if root.is_Add:
        return add(*(_back(term, names) for term in root.args))
    if root.is_Mul:
        return mul(*(_back(factor, names) for factor in root.args))
    if root.is_Pow and root.exp.is_Rational:
        return power(_back(root.base, names), Fraction(int(root.exp.p), int(root.exp.q)))
    raise NoClosedFormError(f"the root {root} has no form in the language")
