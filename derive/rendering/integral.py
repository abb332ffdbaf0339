"""How integrals over a latent variable are written: log of an integral, and a posterior mean."""

from collections.abc import Callable

from derive.language.expr import Expr
from derive.language.integral import LogIntegral, PosteriorMean
from derive.rendering.layout import Fence, Glyph, Kind, Layout, Product, Row, Script, function, number
from derive.rendering.symbols import DIFFERENTIAL, name

LOG, EXP = function(r"\log", "log"), function(r"\exp", "exp")
INTEGRAL, INFINITY = Glyph(r"\int", "∫", Kind.SIGN), Glyph(r"\infty", "∞")
MEAN = Glyph(r"\mathbb{E}", "𝔼")


def integral(expr: LogIntegral | PosteriorMean, notation: Callable[[Expr], Layout]) -> Layout:
    """Lay out an integral; ``notation`` lays out what stands inside."""
    variable = name(expr.over)
    if isinstance(expr, PosteriorMean):
        return Row((Script(MEAN, variable), Fence("[", notation(expr.value))))
    sign = Script(INTEGRAL, number(0), INFINITY)
    return Product((LOG, sign, Row((EXP, Fence("[", notation(expr.body)))), Row((DIFFERENTIAL, variable))))
