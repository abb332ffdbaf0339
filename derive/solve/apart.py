"""Taking sums apart: multiplied out where the unknowns stand, with what no sum touches in front of it."""

from derive.language.expr import Expr, add
from derive.language.family import Family
from derive.language.rewrite import collect, distribute, mentions, out_of_sums
from derive.solve.counting import count_responsibilities


def taken_apart(expr: Expr, *families: Family) -> Expr:
    """Return the same value as terms, so that what does not depend on the families can be computed once."""
    held = [mentions(family) for family in families]
    parts = distribute(expr, lambda part: any(holds(part) for holds in held))
    return collect(count_responsibilities(out_of_sums(collect(add(*parts)))))
