"""The width of a support: b - a where the density is zero unless a <= x <= b, so that the width is positive."""

from itertools import product

from derive.language.calculus_nodes import Margin
from derive.language.expr import Add, Expr, add, mul
from derive.language.indicator import Support
from derive.language.tree import node


@node
class Width(Margin):
    """upper - lower, of the ends of a support: it has a value where it is positive, for only there can samples lie."""

    lower: Expr
    upper: Expr

    @property
    def positive(self) -> bool:
        return True

    @property
    def definition(self) -> Expr:
        """The upper end less the lower one."""
        return add(self.upper, mul(-1, self.lower))

    def rebuild(self, *children: Expr) -> Expr:
        return Width(*children)


def with_widths(density: Expr) -> Expr:
    """Return a log density with the differences of two ends of one support written as widths."""
    supports = _supports(density)
    ends = {
        below.smaller: above.larger for below, above in product(supports, repeat=2) if below.larger == above.smaller
    }
    pairs = {add(upper, mul(-1, lower)): Width(lower, upper) for lower, upper in ends.items()}
    return _written(density, {tuple(sorted(key.children, key=str)): width for key, width in pairs.items()})


def _supports(expr: Expr) -> list[Support]:
    here = [expr] if isinstance(expr, Support) else []
    return here + [found for child in expr.children for found in _supports(child)]


def _written(expr: Expr, widths: dict[tuple[Expr, ...], Width]) -> Expr:
    if isinstance(expr, Add):
        found = widths.get(tuple(sorted(expr.terms, key=str)))
        if found is not None:
            return found
    return expr.map(lambda child: _written(child, widths)) if widths else expr
