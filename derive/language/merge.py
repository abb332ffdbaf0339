"""Sums over one plate put together where that leaves fewer terms: sum a x + sum a (1 - x) = sum a."""

from fractions import Fraction

from derive.language.expr import Add, Expr, add, mul
from derive.language.functions import Sum, sum_over
from derive.language.index import Index
from derive.language.rewrite import coefficient, collect, distribute


def merge_sums(expr: Expr) -> Expr:
    """Return the expression with sums over the same plate merged where their terms cancel or combine."""
    expr = expr.map(merge_sums)
    if not isinstance(expr, Add):
        return expr
    groups: dict[Index, list[tuple[Fraction, Sum]]] = {}
    rest: list[Expr] = []
    for term in expr.terms:
        number, body = coefficient(term)
        if isinstance(body, Sum):
            groups.setdefault(body.index, []).append((number, body))
        else:
            rest.append(term)
    for index, members in groups.items():
        rest += _merged(index, members)
    return add(*rest)


def _merged(index: Index, members: list[tuple[Fraction, Sum]]) -> list[Expr]:
    """Return the sums as they are, or fewer terms that equal them."""
    apart = [mul(number, body) for number, body in members]
    if len(members) == 1:
        return apart
    inside = [mul(number, part) for number, body in members for part in distribute(body.body, lambda _: True)]
    together = merge_sums(collect(add(*inside)))
    count = len(together.terms) if isinstance(together, Add) else 1
    return [sum_over(index, together)] if count < len(members) else apart
