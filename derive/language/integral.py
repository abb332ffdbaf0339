"""Integrals over a positive latent variable: the log of a marginal density, and means under a posterior density."""

from functools import cached_property

from derive.language.expr import Expr
from derive.language.family import Symbol
from derive.language.tree import Members, node


@node
class LogIntegral(Expr):
    """log of the integral of exp(body) over a latent variable from zero to infinity.

    The variable is bound: it stands in ``body`` as itself and has no value outside.
    """

    body: Expr
    over: Symbol

    @cached_property
    def members(self) -> Members:
        """What the value depends on: not the variable itself."""
        return _without(self.body.members, self.over)

    def rebuild(self, *children: Expr) -> Expr:
        return LogIntegral(children[0], self.over)


@node
class PosteriorMean(Expr):
    """Mean of ``value`` over a latent variable whose density from zero to infinity is proportional to exp(body)."""

    value: Expr
    body: Expr
    over: Symbol

    @cached_property
    def members(self) -> Members:
        """What the value depends on: not the variable itself."""
        return _without(self.value.members | self.body.members, self.over)

    def rebuild(self, *children: Expr) -> Expr:
        return PosteriorMean(children[0], children[1], self.over)


def _without(members: Members, over: Symbol) -> Members:
    return frozenset(member for member in members if member[0] != over.family.name)
