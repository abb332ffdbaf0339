"""Responsibilities sum to one over the components."""

from fractions import Fraction

from derive.language.expr import Add, Expr, Number, add
from derive.language.family import Role, Symbol
from derive.language.functions import Sum, sum_over
from derive.language.index import Index


def count_responsibilities(expr: Expr) -> Expr:
    """Replace sum_k gamma_nk by one, so that sum_n sum_k gamma_nk becomes N."""
    expr = expr.map(count_responsibilities)
    if not isinstance(expr, Sum):
        return expr
    if isinstance(expr.body, Add):
        return _term_by_term(expr.index, expr.body)
    if isinstance(expr.body, Sum):
        swapped = _total(sum_over(expr.index, expr.body.body))
        if swapped is not None:
            return sum_over(expr.body.index, swapped)
    total = _total(expr)
    return expr if total is None else total


def _term_by_term(index: Index, body: Add) -> Expr:
    """Count in each term of a sum of terms; those in which nothing is counted stay together."""
    counted, kept = list[Expr](), list[Expr]()
    for term in body.terms:
        total = count_responsibilities(sum_over(index, term))
        if total == sum_over(index, term):
            kept.append(term)
        else:
            counted.append(total)
    return add(*counted, sum_over(index, add(*kept))) if counted else Sum(index, body)


def _total(expr: Expr) -> Expr | None:
    if isinstance(expr, Sum) and isinstance(expr.body, Symbol) and expr.body.family.role is Role.RESPONSIBILITY:
        return Number(Fraction(1)) if expr.body.indices[-1] == expr.index else None
    return None
