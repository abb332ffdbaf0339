"""The root of a scalar equation in one unknown: a value that has an equation and no closed form."""

from derive.language.expr import Expr
from derive.language.family import Symbol
from derive.language.tree import node


@node
class RootOf(Expr):
    """The value of ``unknown`` in its domain at which ``slope`` is zero.

    The unknown is bound: it stands in ``slope`` as itself and has no value outside. Whoever writes this node shows that
    there is one such value at most (see ``Located`` among the moves of a proof).
    """

    unknown: Symbol
    slope: Expr

    @property
    def positive(self) -> bool:
        """Whether the domain of the unknown makes it positive."""
        return self.unknown.positive

    def rebuild(self, *children: Expr) -> Expr:
        unknown, slope = children
        if not isinstance(unknown, Symbol):
            raise TypeError(f"{unknown} cannot be solved for: it is not a symbol")
        return RootOf(unknown, slope)
