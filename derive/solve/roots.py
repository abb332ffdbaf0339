"""A polynomial equation in one positive scalar unknown: roots by SymPy, the admissible one chosen by the domain.

SymPy sees scalars only: every coefficient is replaced by an opaque symbol with the sign that was proved for it.
"""

from fractions import Fraction

import sympy

from derive.errors import NoClosedFormError
from derive.language.expr import Expr, Number, Power, add, mul, power
from derive.language.family import Symbol
from derive.language.rewrite import collect, distribute, factors, mentions
from derive.proof.sign import sign
from derive.proof.step import Relation, Rooted
from derive.solve.line import Line


def solve_polynomial(residual: Expr, unknown: Symbol) -> list[Line]:
    """Solve a polynomial in a positive unknown with exactly one positive root; else raises NoClosedFormError."""
    if not unknown.family.domain.positive:
        raise NoClosedFormError(f"the equation for {unknown} is not linear in it, and no domain singles out one root")
    found = _by_exponent(residual, unknown)
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
    roots = [root for root in sympy.solve(polynomial, u) if root.is_positive]
    if len(roots) != 1:
        raise NoClosedFormError(
            f"the equation for {unknown} has {len(roots)} roots that are known to be positive, not one"
        )
    words = "the one positive root: all other roots are outside of the domain"
    return [Line(unknown, _back(roots[0], names), Rooted(), words, "admissible-root", Relation.EQUIVALENT)]


def _by_exponent(residual: Expr, unknown: Symbol) -> dict[Fraction, Expr]:
    is_unknown = mentions(unknown.family)
    found: dict[Fraction, Expr] = {}
    for part in distribute(residual, is_unknown):
        exponent, total = _power_of(part, unknown)
        found[exponent] = collect(add(found.get(exponent, Number(Fraction(0))), total))
    return found


def _power_of(part: Expr, unknown: Symbol) -> tuple[Fraction, Expr]:
    """Split part = total * unknown ** exponent; a sum over a plate is searched too."""
    if hasattr(part, "index") and hasattr(part, "body"):
        exponent, total = _power_of(part.body, unknown)
        return exponent, part.rebuild(total)
    exponent, others = Fraction(0), list[Expr]()
    for factor in factors(part):
        base, e = (factor.base, factor.exponent) if isinstance(factor, Power) else (factor, Fraction(1))
        if base == unknown:
            exponent += e
        elif factor.contains(mentions(unknown.family)):
            inner, total = _power_of(factor, unknown) if factor is not part else (Fraction(0), factor)
            if total.contains(mentions(unknown.family)):
                raise NoClosedFormError(f"{unknown} cannot be isolated: it occurs inside {factor}")
            exponent, others = exponent + inner, [*others, total]
        else:
            others.append(factor)
    return exponent, mul(1, *others)


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
