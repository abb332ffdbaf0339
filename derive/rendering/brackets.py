"""Where brackets are needed: what is open-ended, what is short, what is plain."""

from derive.language.atom import PointMass
from derive.language.calculus_nodes import Derivative, Margin, Named, SecondDifferential
from derive.language.expr import Add, Expr, Number, Power
from derive.language.family import Symbol
from derive.language.functions import Constant, Exp, Log, LogDet, Size, Sum
from derive.language.indicator import Support
from derive.language.numbered import Ordinal
from derive.language.special import LogBesselI, LogGamma
from derive.rendering.layout import (
    BigSum,
    Chain,
    Fence,
    Fraction,
    Glyph,
    Kind,
    Layout,
    Product,
    Root,
    Row,
    Script,
    parts,
)

OpenEnded = Log | LogDet | LogGamma | LogBesselI | Support | PointMass | Sum | Derivative | SecondDifferential


def is_open(factor: Expr) -> bool:
    """Whether what follows a factor would read as part of it."""
    if isinstance(factor, Derivative | SecondDifferential):
        return not isinstance(factor.body, Named) or isinstance(factor, SecondDifferential)
    return isinstance(factor, OpenEnded)


def needs_brackets(factor: Expr, *, last: bool) -> bool:
    """Whether a factor must be put in brackets where others stand beside it."""
    return isinstance(factor, Add | Margin) or (is_open(factor) and not last)


def divides(factor: Expr) -> bool:
    """Whether a factor stands below the line of a fraction."""
    return isinstance(factor, Power) and factor.exponent < 0


def is_short(expr: Expr) -> bool:
    """Whether log can stand before it without brackets."""
    atomic = isinstance(expr, Ordinal | Symbol | Size | Constant | Named | Number | Exp)
    return atomic or (isinstance(expr, Power) and isinstance(expr.base, Symbol) and expr.exponent > 0)


def is_plain(layout: Layout) -> bool:
    """Whether it is made of symbols only, as x_n - mu_k is."""
    if isinstance(layout, Glyph):
        return layout.kind is not Kind.FUNCTION
    if isinstance(layout, Fraction | Fence | BigSum | Root):
        return False
    return all(map(is_plain, parts(layout)))


def starts_with_digit(layout: Layout) -> bool:
    """Whether a dot must stand before it when a number might precede."""
    if isinstance(layout, Glyph):
        return layout.kind is Kind.NUMBER
    if isinstance(layout, Fraction):
        return starts_with_digit(layout.numerator)
    inner = parts(layout)
    return isinstance(layout, Product | Chain | Row | Script) and starts_with_digit(inner[0])
