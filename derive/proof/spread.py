"""Cauchy and Schwarz as a square: sum c r^2 - (sum c r)^2 / sum c = sum c (r - m)^2, where m = sum c r / sum c.

A weighted variance in disguise: it turns up wherever a parameter was eliminated by its own maximiser.
"""

from derive.language.expr import Expr, Power, add, mul, power
from derive.language.functions import Sum, sum_over
from derive.language.rewrite import canonical, factors, terms


def as_spread(expr: Expr) -> Expr | None:
    """Return a sum of terms with such a pair written as one sum of squares; None where there is no such pair."""
    parts = terms(expr)
    for negative in parts:
        for squared in factors(negative):
            if isinstance(squared, Power) and squared.exponent == 2 and isinstance(squared.base, Sum):
                found = _paired(parts, negative, squared.base)
                if found is not None:
                    return found
    return None


def _paired(parts: tuple[Expr, ...], negative: Expr, mixed: Sum) -> Expr | None:
    """Look for a divisor C in the term k B^2 / C, and for the term -k A with A = sum b^2 / c."""
    for divisor in factors(negative):
        if not (isinstance(divisor, Power) and divisor.exponent < 0 and isinstance(divisor.base, Sum)):
            continue
        whole, index = divisor.base, mixed.index
        if whole.index != index:
            continue
        square = sum_over(index, mul(power(mixed.body, 2), power(whole.body, -1)))
        rest = mul(negative, power(mixed, -2), whole)
        wanted = canonical(mul(-1, rest, square))
        partner = next((part for part in parts if part is not negative and canonical(part) == wanted), None)
        if partner is None:
            continue
        ratio = mul(mixed.body, power(whole.body, -1))
        away = add(ratio, mul(-1, mixed, power(whole, -1)))
        spread = sum_over(index, mul(whole.body, power(away, 2)))
        others = [part for part in parts if part is not negative and part is not partner]
        return add(*others, mul(-1, rest, spread))
    return None
