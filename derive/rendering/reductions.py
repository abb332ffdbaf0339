"""How picked values are written: max over n of x_n where γ_nk > 0, the weighted median of x_n."""

from collections.abc import Callable
from fractions import Fraction

from derive.language.expr import Expr, Number
from derive.language.reductions import Extreme, Quantile, Reduction
from derive.rendering import names
from derive.rendering.layout import Chain, Fence, Layout, Operator, Row, Script, function, number, words

MAX, MIN = function(r"\max", "max"), function(r"\min", "min")
MEDIAN, QUANTILE = function(r"\operatorname{median}", "median"), function(r"\operatorname{quantile}", "quantile")
ABOVE, BETWEEN = Operator(">", ">", relation=True), Operator(",", ",")
HALF = Number(Fraction(1, 2))


def reduction(expr: Reduction, notation: Callable[[Expr], Layout]) -> Layout:
    """Lay out what picks one value; ``notation`` lays out its parts."""
    at, value, weight = names.letter(expr.index.name), notation(expr.value), notation(expr.weight)
    if isinstance(expr, Extreme):
        name = Script(MAX if expr.largest else MIN, sub=at)
        if isinstance(expr.weight, Number):
            return Row((name, Fence("{", value)))
        return Row((name, Fence("{", Chain((value, words(" : "), weight, ABOVE, number(0))))))
    if isinstance(expr, Quantile):
        inside = Chain((value, BETWEEN, words("weights "), weight))
        if expr.level == HALF:
            return Row((Script(MEDIAN, sub=at), Fence("(", inside)))
        level = (BETWEEN, words("level "), notation(expr.level))
        return Row((Script(QUANTILE, sub=at), Fence("(", Chain((*inside.items, *level)))))
    raise TypeError(type(expr).__name__)
