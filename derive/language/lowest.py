"""Bounds that are numbers: 1, or D + 1 in terms of sizes."""

from collections.abc import Callable
from fractions import Fraction

from derive.errors import ModelError
from derive.language.expr import Add, Expr, Mul, Number, as_expr
from derive.language.functions import Size
from derive.language.index import Extent
from derive.language.operand import Numeric


def as_bound(name: str, bound: Expr | Numeric) -> Expr:
    """Return a bound as a formula in numbers and sizes; raises ModelError for anything that is not positive."""
    value = as_expr(bound)
    if not _positive(value):
        raise ModelError(f"{name}({value}): give a positive number, such as 1 or D + 1, or a known family")
    return value


def _positive(bound: Expr) -> bool:
    if isinstance(bound, Add | Mul):
        return all(map(_positive, bound.children))
    return isinstance(bound, Size) or (isinstance(bound, Number) and bound.value > 0)


def in_sizes(bound: Expr, size: Callable[[Extent], int]) -> Fraction:
    """Return the value of such a bound, given the sizes."""
    match bound:
        case Number(value):
            return value
        case Size(extent):
            return Fraction(size(extent))
        case Add(terms):
            return sum((in_sizes(term, size) for term in terms), Fraction(0))
        case Mul(factors):
            product = Fraction(1)
            for factor in factors:
                product *= in_sizes(factor, size)
            return product
    raise ModelError(f"{bound} is no bound in numbers and sizes")
