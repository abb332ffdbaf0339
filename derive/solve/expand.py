"""Multiplying an equation out, where like terms cancel and leave the unknown in the first power."""

from derive.language.expr import Expr, Power, add, mul
from derive.language.family import Symbol
from derive.language.merge import gather_sums
from derive.language.rewrite import collect, distribute, mentions
from derive.proof.step import Multiplied
from derive.solve.line import Line


def has_powers(residual: Expr, unknown: Symbol) -> bool:
    """Whether a scalar unknown occurs in another power than the first."""
    is_unknown = mentions(unknown.family)
    return unknown.shape.is_scalar and residual.contains(lambda e: isinstance(e, Power) and e.contains(is_unknown))


def multiplied_out(residual: Expr, unknown: Symbol) -> tuple[list[Line], Expr]:
    """Return the line (if any) that multiplies residual = 0 out, and what is left to solve.

    It is taken only where powers of the unknown cancel: mu (x - mu) + (x - mu)^2 = x (x - mu).
    """
    if not has_powers(residual, unknown):
        return [], residual
    expanded = gather_sums(collect(add(*distribute(residual, lambda _: True))))
    if has_powers(expanded, unknown) or not expanded.contains(mentions(unknown.family)):
        return [], residual
    words = "multiplied out; like terms cancel"
    return [Line(expanded, mul(0, expanded), Multiplied(), words, "multiply-out")], expanded
