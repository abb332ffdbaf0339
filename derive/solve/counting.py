"""Responsibilities sum to one over the components, one-hot data and known weights over their categories."""

from collections.abc import Callable

from derive.language.expr import Add, Expr, add, mul
from derive.language.family import Family, Role, Symbol
from derive.language.functions import Sum, sum_over
from derive.language.index import Index
from derive.language.rewrite import factors


def count_responsibilities(expr: Expr) -> Expr:
    """Replace sum_k gamma_nk by one, so that sum_n sum_k gamma_nk becomes N."""
    return _counted(expr, lambda family: family.role is Role.RESPONSIBILITY)


def count_categories(expr: Expr) -> Expr:
    """Replace sum_c x_nc by one, for data or known numbers whose domain says so."""
    return _counted(expr, lambda f: f.role in {Role.DATA, Role.KNOWN} and f.domain.sums_to_one)


def _counted(expr: Expr, is_share: Callable[[Family], bool]) -> Expr:
    expr = expr.map(lambda child: _counted(child, is_share))
    if not isinstance(expr, Sum):
        return expr
    if isinstance(expr.body, Add):
        return _term_by_term(expr.index, expr.body, is_share)
    if isinstance(expr.body, Sum):
        swapped = _total(sum_over(expr.index, expr.body.body), is_share)
        if swapped is not None:
            return sum_over(expr.body.index, swapped)
    total = _total(expr, is_share)
    return expr if total is None else total


def _term_by_term(index: Index, body: Add, is_share: Callable[[Family], bool]) -> Expr:
    """Count in each term of a sum of terms; those in which nothing is counted stay together."""
    counted, kept = list[Expr](), list[Expr]()
    for term in body.terms:
        total = _counted(sum_over(index, term), is_share)
        if total == sum_over(index, term):
            kept.append(term)
        else:
            counted.append(total)
    return add(*counted, sum_over(index, add(*kept))) if counted else Sum(index, body)


def _total(expr: Expr, is_share: Callable[[Family], bool]) -> Expr | None:
    """Return what a sum over the last index of one share leaves of its other factors."""
    if not isinstance(expr, Sum):
        return None
    touched = [factor for factor in factors(expr.body) if expr.index in factor.free]
    if len(touched) != 1 or not isinstance(touched[0], Symbol) or not is_share(touched[0].family):
        return None
    if touched[0].indices[-1] != expr.index or touched[0].family.indices[-1].size != expr.index.size:
        return None  # a sum over the first K of K + 1 members is not all of them
    return mul(1, *(factor for factor in factors(expr.body) if factor is not touched[0]))
