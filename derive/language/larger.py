"""The larger and the smaller of two scalars, the sign of one, and whether one is not above another."""

from derive.language.expr import Expr, Number
from derive.language.functions import Operandlike
from derive.language.special import SpecialFunction, as_scalar
from derive.language.tree import node


@node
class Larger(SpecialFunction):
    """The larger of two scalars."""

    first: Expr
    second: Expr
    title = "max"

    def rebuild(self, *children: Expr) -> Expr:
        return larger(*children)


@node
class Smaller(SpecialFunction):
    """The smaller of two scalars."""

    first: Expr
    second: Expr
    title = "min"

    def rebuild(self, *children: Expr) -> Expr:
        return smaller(*children)


@node
class Sign(SpecialFunction):
    """1 of a positive scalar, -1 of a negative one, 0 of zero."""

    arg: Expr
    title = "sgn"

    def rebuild(self, *children: Expr) -> Expr:
        return Sign(*children)


@node
class Holds(SpecialFunction):
    """1 where smaller <= larger, else 0."""

    smaller: Expr
    larger: Expr
    title = "holds"

    def rebuild(self, *children: Expr) -> Expr:
        return Holds(*children)


def larger(first: Operandlike, second: Operandlike) -> Expr:
    """Return max(first, second)."""
    first, second = as_scalar(first, "larger"), as_scalar(second, "larger")
    if isinstance(first, Number) and isinstance(second, Number):
        return max(first, second, key=lambda number: number.value)
    return Larger(first, second)


def smaller(first: Operandlike, second: Operandlike) -> Expr:
    """Return min(first, second)."""
    first, second = as_scalar(first, "smaller"), as_scalar(second, "smaller")
    if isinstance(first, Number) and isinstance(second, Number):
        return min(first, second, key=lambda number: number.value)
    return Smaller(first, second)
