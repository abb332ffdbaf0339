"""Nodes that state calculus rather than arithmetic: derivatives, differentials, expectations, named quantities.

A certificate evaluates them from their definitions (dual numbers, enumeration), never by the rules under test.
"""

from fractions import Fraction
from functools import cached_property

from derive.language.domain import Domain
from derive.language.expr import Add, Expr, Number, mul
from derive.language.family import Family, Symbol
from derive.language.functions import Log
from derive.language.index import Index, Shape
from derive.language.tree import Members, node


@node
class Named(Expr):
    """A quantity with a name of its own, such as Q; it stands for its definition."""

    name: str
    latex: str
    definition: Expr

    @property
    def shape(self) -> Shape:
        return self.definition.shape

    @property
    def symmetric(self) -> bool:
        return self.definition.symmetric

    def rebuild(self, *children: Expr) -> Expr:
        return Named(self.name, self.latex, children[0])


@node
class Derivative(Expr):
    """Gradient of a scalar in a symbol: the member G of its tangent space with d body = tr(G' d symbol).

    For a symmetric, diagonal or spherical matrix that is the orthogonal projection of the unconstrained gradient on the
    space of such matrices.
    """

    body: Expr
    symbol: Symbol

    @property
    def varied(self) -> Domain:
        """In whose tangent space the symbol varies."""
        return self.symbol.family.domain

    @property
    def shape(self) -> Shape:
        return self.symbol.shape

    @property
    def symmetric(self) -> bool:
        return self.symbol.symmetric

    def rebuild(self, *children: Expr) -> Expr:
        return Derivative(children[0], self.symbol)


@node
class SecondDifferential(Expr):
    """Second derivative at t = 0 of a scalar along family + t * direction, for all members of the family at once."""

    body: Expr
    family: Family
    direction: Family

    @cached_property
    def members(self) -> Members:
        return self.body.members | {(self.family.name, None), (self.direction.name, None)}

    def rebuild(self, *children: Expr) -> Expr:
        return SecondDifferential(children[0], self.family, self.direction)


@node
class Expectation(Expr):
    """Expectation of a scalar over one-hot labels ``latent[n, k]``, independent over n, with given probabilities."""

    body: Expr
    latent: Family
    probabilities: Family

    @cached_property
    def members(self) -> Members:
        return self.body.members | {(self.probabilities.name, None)}

    def rebuild(self, *children: Expr) -> Expr:
        return Expectation(children[0], self.latent, self.probabilities)


@node
class Factor(Expr):
    """A square root of a positive definite matrix: some C with C C' = arg."""

    arg: Expr

    @property
    def shape(self) -> Shape:
        return self.arg.shape

    def rebuild(self, *children: Expr) -> Expr:
        return Factor(children[0])


@node
class FrobeniusNorm(Expr):
    """Squared Euclidean (Frobenius) norm of a vector or matrix: the sum of its squared entries."""

    arg: Expr

    def rebuild(self, *children: Expr) -> Expr:
        return FrobeniusNorm(children[0])


class Margin(Expr):
    """By how much one side of a known inequality exceeds the other."""

    @property
    def definition(self) -> Expr:
        """The greater side less the smaller one."""
        raise NotImplementedError


@node
class Gap(Margin):
    """The gap t - 1 - log t >= 0 of the inequality log t <= t - 1, zero at t = 1 only."""

    arg: Expr

    @property
    def definition(self) -> Expr:
        """The gap, in the order in which it is known."""
        return Add((self.arg, Number(Fraction(-1)), mul(-1, Log(self.arg))))

    def rebuild(self, *children: Expr) -> Expr:
        return Gap(children[0])


@node
class At(Expr):
    """An expression at the point where every member of a family takes the given value: body | symbol = value."""

    body: Expr
    symbol: Symbol
    value: Expr

    @cached_property
    def free(self) -> frozenset[Index]:
        return self.body.free | (self.value.free - set(self.symbol.indices))

    @cached_property
    def members(self) -> Members:
        within = (
            (name, None if at is None or set(at) & set(self.symbol.indices) else at) for name, at in self.value.members
        )
        return self.body.members | frozenset(within)

    @property
    def shape(self) -> Shape:
        return self.body.shape

    @property
    def symmetric(self) -> bool:
        return self.body.symmetric

    def rebuild(self, *children: Expr) -> Expr:
        return At(children[0], self.symbol, children[-1])


def in_full(expr: Expr) -> Expr:
    """Replace every named quantity by its definition."""
    return in_full(expr.definition) if isinstance(expr, Named) else expr.map(in_full)
