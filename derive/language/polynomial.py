"""A scalar expression as a polynomial in one symbol: its coefficients by exponent."""

from fractions import Fraction

from derive.language.expr import Expr, Number, Power, add, mul
from derive.language.family import Symbol
from derive.language.functions import Sum, sum_over
from derive.language.rewrite import collect, distribute, factors, mentions


def coefficients_by_exponent(expr: Expr, unknown: Symbol) -> dict[Fraction, Expr] | None:
    """Return exponent -> coefficient with expr = sum of coefficient * unknown ** exponent; None if it is none."""
    found: dict[Fraction, Expr] = {}
    for part in distribute(expr, mentions(unknown.family)):
        split = _power_of(part, unknown)
        if split is None:
            return None
        exponent, total = split
        found[exponent] = collect(add(found.get(exponent, Number(Fraction(0))), total))
    return {exponent: total for exponent, total in found.items() if total != Number(Fraction(0))}


def _power_of(part: Expr, unknown: Symbol) -> tuple[Fraction, Expr] | None:
    """Split part = total * unknown ** exponent; a sum over a plate is searched too."""
    is_unknown = mentions(unknown.family)
    if isinstance(part, Sum):
        inner = None if part.index in unknown.free else _power_of(part.body, unknown)
        return None if inner is None else (inner[0], sum_over(part.index, inner[1]))
    exponent, others = Fraction(0), list[Expr]()
    for factor in factors(part):
        base, power_ = (factor.base, factor.exponent) if isinstance(factor, Power) else (factor, Fraction(1))
        if base == unknown:
            exponent += power_
        elif not factor.contains(is_unknown):
            others.append(factor)
        else:
            inner = _power_of(factor, unknown) if isinstance(factor, Sum) else None
            if inner is None:
                return None
            exponent, others = exponent + inner[0], [*others, inner[1]]
    return exponent, mul(1, *others)
