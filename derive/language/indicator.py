"""The support of a density: the log of an indicator, zero inside, minus infinity outside."""

from derive.errors import ModelError
from derive.language.comparison import Comparison
from derive.language.expr import Expr, as_expr
from derive.language.special import SpecialFunction
from derive.language.tree import node


@node
class Support(SpecialFunction):
    """log 1[smaller <= larger]: zero where it holds, minus infinity elsewhere.

    Minus infinity times zero is zero here, as it is for 0 log 0: a sample without weight may lie anywhere.
    """

    smaller: Expr
    larger: Expr
    title = "support"

    def rebuild(self, *children: Expr) -> Expr:
        return Support(*children)


def support(condition: object) -> Expr:
    """Return the log of the indicator that a comparison holds, as a term of a log density.

    The density is zero elsewhere: ``-log(theta[k]) + support(x[n] <= theta[k])`` is uniform up to theta_k.
    """
    if not isinstance(condition, Comparison):
        raise ModelError(f"support({condition}): give a comparison of two formulas, as in support(x[n] <= theta[k])")
    smaller, larger = as_expr(condition.smaller), as_expr(condition.larger)  # type: ignore[arg-type]
    if not (smaller.shape.is_scalar and larger.shape.is_scalar):
        raise ModelError(f"support({condition}): only scalars can be compared; sum_over the coordinates")
    return Support(smaller, larger)
