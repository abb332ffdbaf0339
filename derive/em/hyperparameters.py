"""Known numbers that may be too small: below some value the maximum moves to the boundary of the domain."""

from collections.abc import Iterator
from fractions import Fraction

from derive.language.expr import Add, Expr, Number, add, mul
from derive.language.family import Role, Symbol
from derive.language.functions import Size
from derive.language.rewrite import coefficient, scaled, terms
from derive.proof.bounds import at_lowest
from derive.proof.sign import sign

ONE = Number(Fraction(1))


def advice(expr: Expr, otherwise: str) -> str:
    """Return what would settle the sign of an expression: the domain of a known number in it, else the given words."""
    found = sorted(_unsettled(expr), key=lambda total: len(_knowns(total)))  # stable: the innermost first
    for total in found:
        words = f"{total} may be negative, and the maximum then lies on the boundary of the domain"
        lowest = at_lowest(total.terms)
        for candidate in (total if lowest is None else lowest, total):
            less = [term for term in terms(candidate) if _is_less(term)]
            for number, symbol in _knowns(candidate):
                if less:
                    return (
                        f"{words}; declare {symbol.family.name} with domain=AtLeast({scaled(-1 / number, add(*less))})"
                    )
                if not symbol.family.domain.nonnegative:
                    return f"{words}; declare {symbol.family.name} with domain=NonNegative"
        if any(map(_is_less, total.terms)):
            return f"{words}; {otherwise}"
    return otherwise


def _knowns(total: Expr) -> list[tuple[Fraction, Symbol]]:
    """Return the known numbers that are terms of a sum, with what multiplies them, where that is positive."""
    found = []
    for term in terms(total):
        number, symbol = coefficient(term)
        if isinstance(symbol, Symbol) and symbol.family.role is Role.KNOWN and number > 0:
            found.append((number, symbol))
    return found


def _is_less(term: Expr) -> bool:
    """Whether a term is a negative multiple of a number or a size."""
    number, rest = coefficient(term)
    return number < 0 and (isinstance(rest, Size) or rest == ONE)


def _unsettled(expr: Expr) -> Iterator[Add]:
    """Return the sums of terms whose sign is not known, the innermost first."""
    for child in expr.children:
        yield from _unsettled(child)
    if isinstance(expr, Add) and expr.shape.is_scalar and sign(expr) is None and sign(mul(-1, expr)) is None:
        yield expr
