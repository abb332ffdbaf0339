"""The sign of a difference from an extreme, given the weights beside it: w_n (v_n - min of v_m where w_m > 0) >= 0."""

from itertools import permutations

from derive.language.expr import Add, Expr, Number
from derive.language.functions import Log
from derive.language.index import Index
from derive.language.merge import gather_sums
from derive.language.reductions import Extreme
from derive.language.rewrite import coefficient, factors, rename


def beyond_extreme(difference: Expr, beside: tuple[Expr, ...]) -> int:
    """Return the sign of c (v - e) or c (log v - log e) where the factors beside carry the weight of v, else zero."""
    if not isinstance(difference, Add) or len(difference.terms) != 2:
        return 0
    for first, second in permutations(difference.terms):
        (c, value), (less, extreme) = coefficient(first), coefficient(second)
        if isinstance(value, Log) and isinstance(extreme, Log):
            value, extreme = value.arg, extreme.arg
        if c == -less and isinstance(extreme, Extreme) and _is_among(value, extreme, beside):
            above = -1 if extreme.largest else 1
            return above if c > 0 else -above
    return 0


def _is_among(value: Expr, extreme: Extreme, beside: tuple[Expr, ...]) -> bool:
    """Whether the value is one of those that the extreme is of, and the factors beside are zero where it is not."""
    return any(_is_member(value, extreme, index, beside) for index in value.free if index.size == extreme.index.size)


def _is_member(value: Expr, extreme: Extreme, index: Index, beside: tuple[Expr, ...]) -> bool:
    names = {extreme.index: index}
    weights = factors(rename(extreme.weight, names))
    needed = [weight for weight in weights if not isinstance(weight, Number)]  # without a weight, every value counts
    return rename(extreme.value, names) == value and all(weight in beside for weight in needed)


def gathered(expr: Expr) -> Expr | None:
    """Return terms that hold an extreme as one sum over the samples, where they can be gathered so."""
    if not expr.contains(lambda part: isinstance(part, Extreme)):
        return None
    found = gather_sums(expr)
    return None if found == expr else found
