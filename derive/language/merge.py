"""Sums over one plate put together where that leaves fewer terms: sum a x + sum a (1 - x) = sum a."""

from fractions import Fraction

from derive.language.expr import Add, Expr, Number, add, mul
from derive.language.functions import Sum, sum_over
from derive.language.index import Index
from derive.language.rewrite import coefficient, collect, distribute, factors, terms


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
    merged = [part for index, members in groups.items() for part in _merged(index, members)]
    return add(*rest, *merged) if len(rest) + len(merged) < len(expr.terms) else expr


def _merged(index: Index, members: list[tuple[Fraction, Sum]]) -> list[Expr]:
    """Return the sums as they are, or fewer terms that equal them."""
    apart = [mul(number, body) for number, body in members]
    if len(members) == 1:
        return apart
    inside = [mul(number, part) for number, body in members for part in distribute(body.body, lambda _: True)]
    together = merge_sums(collect(add(*inside)))
    count = len(together.terms) if isinstance(together, Add) else 1
    return [sum_over(index, together)] if count < len(members) else apart


def gather_sums(expr: Expr) -> Expr:
    """Write terms with sums over one plate as one sum with common factors: sum w a - b sum w = sum w (a - b)."""
    found = [_inside(term) for term in terms(expr)]
    if len({index for index, _ in found}) != 1 or None in {index for index, _ in found}:
        return expr
    index = found[0][0]
    assert index is not None  # noqa: S101 - for the type checker
    bodies = [list(factors(body)) for _, body in found]
    common = []
    for factor in list(bodies[0]):
        if not isinstance(factor, Number) and all(factor in body for body in bodies):
            common.append(factor)
            for body in bodies:
                body.remove(factor)
    return sum_over(index, mul(1, *common, add(*(mul(1, *body) for body in bodies))))


def _inside(term: Expr) -> tuple[Index | None, Expr]:
    """Return the index of the only sum among the factors, and the product inside of it."""
    sums = [factor for factor in factors(term) if isinstance(factor, Sum)]
    if len(sums) != 1 or any(sums[0].index in factor.free for factor in factors(term)):
        return None, term
    return sums[0].index, mul(*(sums[0].body if factor is sums[0] else factor for factor in factors(term)))
