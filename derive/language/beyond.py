"""Components with densities of their own: a value for each member of a plate, and others for the members beyond it."""

from functools import cached_property

from derive.language.expr import Expr
from derive.language.index import Index, Shape
from derive.language.tree import Members, node


@node
class Beyond(Expr):
    """``otherwise`` for the first K members of a plate of size K + m, and one of the m ``values`` for each further one.

    The index runs over 1, ..., K + m. In ``otherwise`` it stands as well at families that have K members only.
    """

    index: Index
    values: tuple[Expr, ...]
    otherwise: Expr

    @property
    def shape(self) -> Shape:
        return self.otherwise.shape

    @cached_property
    def free(self) -> frozenset[Index]:
        return frozenset((self.index,)).union(*(value.free for value in self.children))

    @cached_property
    def members(self) -> Members:
        return frozenset().union(*(value.members for value in self.children))

    def at(self, position: int, first: int) -> Expr:
        """Return the value at a position, counted from 0; ``first``: how many members have the common one."""
        return self.otherwise if position < first else self.values[position - first]

    def rebuild(self, *children: Expr) -> Expr:
        return Beyond(self.index, children[:-1], children[-1])
