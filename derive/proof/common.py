"""Terms over a common denominator: e / (1 + e) - e^2 / (1 + e)^2 = e / (1 + e)^2, where the sign can be read off."""

from collections.abc import Callable
from fractions import Fraction

from derive.language.expr import Add, Expr, Power, add, mul, power
from derive.language.rewrite import collect, distribute, factors


def over_common(expr: Add, positive: Callable[[Expr], bool]) -> tuple[Expr, Expr] | None:
    """Return numerator and denominator; None where no positive sum divides a term, or nothing gets shorter."""
    highest: dict[Expr, Fraction] = {}
    for term in expr.terms:
        for factor in factors(term):
            if isinstance(factor, Power) and factor.exponent < 0 and isinstance(factor.base, Add):
                highest[factor.base] = max(highest.get(factor.base, Fraction(0)), -factor.exponent)
    if not highest or not all(map(positive, highest)):
        return None
    denominator = mul(*(power(base, exponent) for base, exponent in highest.items()))
    parts = [part for term in expr.terms for part in distribute(mul(denominator, term), lambda _: True)]
    numerator = collect(add(*parts))
    short = not isinstance(numerator, Add) or len(numerator.terms) <= len(expr.terms)
    return (numerator, denominator) if short else None
