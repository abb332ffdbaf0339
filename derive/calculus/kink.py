"""Derivatives away from kinks: d|u| = sgn(u) du, which jumps where u is zero."""

from derive.calculus.differential import differential, register
from derive.calculus.gradient import gradient
from derive.language.expr import Expr, mul
from derive.language.family import Family, Symbol
from derive.language.larger import Sign
from derive.language.rewrite import mentions, pull_out
from derive.language.special import Absolute, SpecialFunction
from derive.language.tree import node


@node
class Bent(SpecialFunction):
    """An absolute value that may be differentiated, since its kink is dealt with apart."""

    arg: Expr
    title = "absolute"

    def rebuild(self, *children: Expr) -> Expr:
        """Return the same of another argument."""
        return Bent(*children)


@register
def _bent(expr: Bent, family: Family) -> Expr:
    """d|u| = sgn(u) du."""
    return mul(Sign(expr.arg), differential(expr.arg, family))


def has_kink(body: Expr, family: Family) -> bool:
    """Whether an absolute value depends on the family."""
    return body.contains(lambda part: isinstance(part, Absolute) and part.contains(mentions(family)))


def slope_away(body: Expr, symbol: Symbol) -> Expr:
    """Return the derivative in a symbol where no absolute value of it is zero."""
    return pull_out(_plain(gradient(_bend(body, symbol.family), symbol)))


def _bend(expr: Expr, family: Family) -> Expr:
    expr = expr.map(lambda child: _bend(child, family))
    return Bent(expr.arg) if isinstance(expr, Absolute) and expr.contains(mentions(family)) else expr


def _plain(expr: Expr) -> Expr:
    expr = expr.map(_plain)
    return Absolute(expr.arg) if isinstance(expr, Bent) else expr
