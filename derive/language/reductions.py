"""What picks one of the values over a plate: the largest or smallest of those with weight, a weighted quantile."""

from derive.errors import ModelError
from derive.language.calculus_nodes import Margin, in_full
from derive.language.expr import Expr, add, mul
from derive.language.functions import sum_over
from derive.language.index import Index
from derive.language.larger import Holds
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


@node
class Share(Margin):
    """By how much the weight of the values up to a quantile exceeds its level; ``below``: how much less lies below.

    sum_n w_n 1[v_n <= q] - level sum_n w_n >= 0 and level sum_n w_n - sum_n w_n 1[v_n < q] >= 0: q is the smallest
    value that has the first. point: the quantile, or a name for it.
    """

    point: Expr
    below: bool

    @property
    def quantile(self) -> Quantile:
        """The quantile itself; raises ModelError for a point that is none."""
        found = in_full(self.point)
        if not isinstance(found, Quantile):
            raise ModelError(f"{self.point} is no quantile")
        return found

    @property
    def definition(self) -> Expr:
        """The greater side less the smaller one."""
        q = self.quantile
        wanted = mul(q.level, sum_over(q.index, q.weight))
        if self.below:
            under = add(1, mul(-1, Holds(self.point, q.value)))
            return add(wanted, mul(-1, sum_over(q.index, mul(q.weight, under))))
        return add(sum_over(q.index, mul(q.weight, Holds(q.value, self.point))), mul(-1, wanted))

    def rebuild(self, *children: Expr) -> Expr:
        return Share(children[0], self.below)
