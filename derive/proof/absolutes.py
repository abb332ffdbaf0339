"""Absolute values beside their arguments: a |u| + c u = (a + c) max(0, u) + (a - c) max(0, -u)."""

from derive.language.expr import Add, Expr, add, mul
from derive.language.larger import larger
from derive.language.rewrite import collect, distribute, factors
from derive.language.special import Absolute


def by_sides(expr: Expr) -> Expr | None:
    """Return a sum of a |u| and multiples of u by the sides of zero; None for what is no such sum."""
    if not isinstance(expr, Add):
        return None
    absolute = next((part for term in expr.terms for part in factors(term) if isinstance(part, Absolute)), None)
    if absolute is None:
        return None
    u, of_size, of_value = absolute.arg, list[Expr](), list[Expr]()
    for term in expr.terms:
        parts = list(factors(term))
        if absolute in parts:
            parts.remove(absolute)
            of_size.append(mul(1, *parts))
        elif u in parts:
            parts.remove(u)
            of_value.append(mul(1, *parts))
        else:
            return None
    if not of_value:
        return None
    a, c = add(*of_size), add(*of_value)
    above, below = (collect(add(*distribute(add(a, mul(side, c)), lambda _: True))) for side in (1, -1))
    return add(mul(above, larger(0, u)), mul(below, larger(0, mul(-1, u))))
