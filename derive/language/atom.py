"""A point mass: the log of the indicator that an observation has one given value."""

from derive.errors import ModelError
from derive.language.expr import Expr, as_expr
from derive.language.functions import Operandlike
from derive.language.special import SpecialFunction
from derive.language.tree import node


@node
class PointMass(SpecialFunction):
    """log 1[value = point]: zero where they are equal, minus infinity elsewhere.

    It is a density with respect to counting measure, so it stands beside densities of counts, not of real numbers.
    """

    value: Expr
    point: Expr
    title = "point_mass"

    def rebuild(self, *children: Expr) -> Expr:
        return PointMass(*children)


def point_mass(value: Operandlike, point: Operandlike) -> Expr:
    """Return the log density of a component that has one value only: ``point_mass(x[n], 0)`` for surplus zeros."""
    value, point = as_expr(value), as_expr(point)
    if not (value.shape.is_scalar and point.shape.is_scalar):
        raise ModelError(f"point_mass({value}, {point}): give two scalars, as in point_mass(x[n], 0)")
    return PointMass(value, point)
