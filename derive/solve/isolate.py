"""Closed form by isolation: clear the equation, gather the unknown, divide by its coefficient."""

from fractions import Fraction

from derive.errors import NoClosedFormError
from derive.language.expr import Expr, Number, add, mul
from derive.language.family import Symbol
from derive.language.functions import inverse
from derive.language.rewrite import (
    coefficient,
    collect,
    distribute,
    gather_identities,
    mentions,
    out_of_sums,
    pull_out,
    scaled,
    substitute,
    terms,
)
from derive.proof.step import Multiplied
from derive.solve.bounding import bounding_prior
from derive.solve.clear import clearing_factors, multiply_through
from derive.solve.counting import count_responsibilities
from derive.solve.expand import has_powers
from derive.solve.line import Line
from derive.solve.linear import ONE, Coefficient, coefficient_of
from derive.solve.needed import needed


def cleared(residual: Expr, unknown: Symbol) -> tuple[list[Line], Expr]:
    """Return the line (if any) that clears residual = 0 of common factors and inverses, and what is left to solve."""
    plain = _in_terms_of(residual, unknown)
    left, right = clearing_factors(pull_out(plain), unknown)
    simpler = collect(multiply_through(pull_out(plain), left, right))
    if left != ONE or right is not None:
        return [_cleared(simpler, left, right)], simpler
    if plain != residual and has_powers(simpler, unknown):  # what is read as a polynomial in it must show it
        words = f"set to zero; in terms of {unknown.key}"
        return [Line(simpler, mul(0, simpler), Multiplied(), words, "equation")], simpler
    return [], simpler


def solve_for_term(residual: Expr, term: Expr) -> Line:
    """Return term = rest from residual = rest - term (or term - rest)."""
    found = [part for part in terms(residual) if coefficient(part)[1] == term]
    if len(found) != 1 or abs(coefficient(found[0])[0]) != 1:
        raise NoClosedFormError(f"{term} is not a term of {residual}")
    sign = int(coefficient(found[0])[0])
    rest = add(*(mul(-sign, part) for part in terms(residual) if part is not found[0]))
    return Line(term, rest, Multiplied(Number(Fraction(sign))), "set to zero", "isolate")


def _in_terms_of(residual: Expr, unknown: Symbol) -> Expr:
    """Write members of a family defined as inverses of the unknown as such inverses."""
    for family in sorted({s.family for s in _symbols(residual)}, key=lambda family: family.name):
        if family.inverse_of == unknown.family:
            residual = substitute(residual, Symbol(family, unknown.indices), inverse(unknown))
    return residual


def _symbols(expr: Expr) -> set[Symbol]:
    found = {expr} if isinstance(expr, Symbol) else set()
    return found.union(*(_symbols(child) for child in expr.children))


def _cleared(residual: Expr, left: Expr, right: Expr | None) -> Line:
    shown = [factor for factor in (left, right) if factor is not None and coefficient(factor)[1] != ONE]
    words = "set to zero"
    if shown:
        one, both = "by an invertible factor", "from the left and the right by invertible factors"
        words += f"; multiplied {one if len(shown) == 1 else both}"
    return Line(residual, mul(0, residual), Multiplied(left, right), words, "clear-invertible-factors")


def isolate(residual: Expr, unknown: Symbol) -> list[Line]:
    """Gather the unknown, which must stand linearly, and divide by its coefficient; else raises NoClosedFormError."""
    is_unknown = mentions(unknown.family)
    parts = distribute(residual, is_unknown)
    holding = [part for part in parts if part.contains(is_unknown)]
    rest = [part for part in parts if not part.contains(is_unknown)]
    if not holding:
        raise NoClosedFormError(
            f"no stationary point: with its inverses cleared, the equation for {unknown} does not contain it, so Q has "
            "no maximum over it and the likelihood may be unbounded; the density may lack a term in it, such as a "
            f"normalising constant; a prior would bound it: {bounding_prior(unknown)}"
        )
    found = coefficient_of(holding, unknown)
    value = out_of_sums(collect(add(mul(0, unknown), *(scaled(-found.sign, part) for part in rest))))
    value = gather_identities(value)
    move = Multiplied(Number(Fraction(found.sign)))
    lines = [Line(found.times(unknown), value, move, f"terms with {unknown.key} on the left", "gather")]
    counted = count_responsibilities(found.total), count_responsibilities(value)
    if counted != (found.total, value):
        found, value = Coefficient(counted[0], found.on_the_right, found.sign), counted[1]
        words = "responsibilities sum to one over k"
        lines.append(Line(found.times(unknown), value, Multiplied(), words, "responsibilities-sum-to-one"))
    return lines if found.total == ONE else [*lines, _divided(found, value, unknown)]


def _divided(found: Coefficient, value: Expr, unknown: Symbol) -> Line:
    undone = inverse(found.total)
    product = mul(value, undone) if found.on_the_right else mul(undone, value)
    move = Multiplied(None, undone) if found.on_the_right else Multiplied(undone)
    how = "divided by" if found.total.shape.is_scalar else "multiplied by the inverse of"
    words = f"{how} the factor of {unknown.key}"
    return Line(unknown, out_of_sums(product), move, words, "isolate", assumptions=needed(found.total, unknown))
