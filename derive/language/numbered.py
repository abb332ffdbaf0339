"""What depends on the number of a component or sample: the number itself, and values given for some numbers."""

from functools import cached_property

from derive.errors import ModelError
from derive.language.expr import Expr
from derive.language.index import Index, Shape
from derive.language.tree import Members, node


@node
class Ordinal(Expr):
    """The number of a member as a number: 1 for the first component, 2 for the second, up to K."""

    index: Index

    @property
    def positive(self) -> bool:
        return True

    @cached_property
    def free(self) -> frozenset[Index]:
        return frozenset((self.index,))


@node
class Cases(Expr):
    """One value for each of some numbers of a plate, counted from 1, and another for all other numbers."""

    index: Index
    numbers: tuple[int, ...]
    values: tuple[Expr, ...]
    otherwise: Expr

    @property
    def shape(self) -> Shape:
        return self.otherwise.shape

    @property
    def symmetric(self) -> bool:
        return all(value.symmetric for value in self.children)

    @property
    def positive(self) -> bool:
        return all(value.positive for value in self.children)

    @cached_property
    def free(self) -> frozenset[Index]:
        return frozenset((self.index,)).union(*(value.free for value in self.children))

    @cached_property
    def members(self) -> Members:
        return frozenset().union(*(value.members for value in self.children))

    def at(self, number: int) -> Expr:
        """Return the value for a number."""
        return self.values[self.numbers.index(number)] if number in self.numbers else self.otherwise

    def rebuild(self, *children: Expr) -> Expr:
        return cases(self.index, self.numbers, children[:-1], children[-1])

    def transposed(self) -> Expr:
        return self.rebuild(*(value.transposed() for value in self.children))


def ordinal(index: Index) -> Expr:
    """Return the number of a member of a plate: 1 for the first, 2 for the second, and so on."""
    if not isinstance(index, Index):
        raise ModelError(f"ordinal({index!r}): give a plate index, as in ordinal(k)")
    return Ordinal(index)


def cases(index: Index, numbers: tuple[int, ...], values: tuple[Expr, ...], otherwise: Expr) -> Expr:
    """Return ``values[i]`` where the index is at ``numbers[i]``, counted from 1, and ``otherwise`` elsewhere."""
    for number, value in zip(numbers, values, strict=True):
        if value.shape != otherwise.shape:
            raise ModelError(
                f"for {index} = {number} there is {value} ({value.shape}), but elsewhere {otherwise} "
                f"({otherwise.shape}): the shapes differ"
            )
    return Cases(index, numbers, values, otherwise) if any(value != otherwise for value in values) else otherwise
