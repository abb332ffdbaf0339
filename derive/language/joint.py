"""Several unknowns at once: the second differential along all of them, and the one point where all slopes vanish."""

from functools import cached_property

from derive.language.expr import Expr
from derive.language.family import Family, Symbol
from derive.language.index import Index
from derive.language.tree import Members, node


@node
class JointSecondDifferential(Expr):
    """Second derivative at t = 0 of a scalar along families + t * directions, for all their members at once."""

    body: Expr
    families: tuple[Family, ...]
    directions: tuple[Family, ...]

    @cached_property
    def members(self) -> Members:
        named = {(family.name, None) for family in (*self.families, *self.directions)}
        return self.body.members | frozenset(named)

    def rebuild(self, *children: Expr) -> Expr:
        return JointSecondDifferential(children[0], self.families, self.directions)


@node
class JointRoot(Expr):
    """The value of an unknown at the point where every slope is zero.

    unknown: the one whose value this is. unknowns: all of them. slopes: one for each of ``unknowns``, with the same
    indices. fixed: the indices that all have and at each of which there is a point of its own; the others run over all
    their values. The unknowns are bound: they stand in the slopes as themselves. Whoever writes this node shows that
    there is one such point at most.
    """

    unknown: Symbol
    unknowns: tuple[Symbol, ...]
    slopes: tuple[Expr, ...]
    fixed: tuple[Index, ...]

    @property
    def positive(self) -> bool:
        """Whether the domain of the unknown makes it positive."""
        return self.unknown.positive

    @cached_property
    def free(self) -> frozenset[Index]:
        return frozenset(self.unknown.indices)

    def rebuild(self, *children: Expr) -> Expr:
        count = len(self.unknowns)
        unknown, unknowns, slopes = children[0], children[1 : 1 + count], children[1 + count :]
        symbols = [child for child in (unknown, *unknowns) if isinstance(child, Symbol)]
        if len(symbols) != 1 + count:
            raise TypeError("only symbols can be solved for")
        renamed = dict(zip(self.unknown.indices, symbols[0].indices, strict=True))
        return JointRoot(symbols[0], tuple(symbols[1:]), slopes, tuple(renamed[index] for index in self.fixed))
