"""What picks one of the values over a plate: the largest or smallest of those with weight, a weighted quantile."""

from derive.language.expr import Expr
from derive.language.index import Index
from derive.language.tree import node


class Reduction(Expr):
    """A scalar made of a value and a weight for each member of a plate; the weights are not negative."""

    index: Index
    value: Expr
    weight: Expr

    @property
    def bound(self) -> frozenset[Index]:
        return frozenset((self.index,))

    def over(self, index: Index, *children: Expr) -> Expr:
        """Return the same of other values, over a plate that may have another name."""
        raise NotImplementedError

    def rebuild(self, *children: Expr) -> Expr:
        return self.over(self.index, *children)


@node
class Extreme(Reduction):
    """The largest (or smallest) of the values whose weight is positive."""

    index: Index
    value: Expr
    weight: Expr
    largest: bool

    def over(self, index: Index, *children: Expr) -> Expr:
        value, weight = children
        return Extreme(index, value, weight, self.largest)


@node
class Quantile(Reduction):
    """The smallest value v such that the values up to v have at least the share ``level`` of all weight.

    level: between zero and one; 1/2 gives the lower weighted median.
    """

    index: Index
    value: Expr
    weight: Expr
    level: Expr

    def over(self, index: Index, *children: Expr) -> Expr:
        return Quantile(index, *children)
