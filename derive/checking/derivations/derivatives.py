"""Derivatives: by a parameter, its inverse or root, an entry of it; of an objective by name or of a formula."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from derive.checking.derivations.problems import NotReadError
from derive.checking.parsing import tree
from derive.checking.parsing.tree import Node
from derive.language.calculus_nodes import Derivative
from derive.language.domain import Domain, Real
from derive.language.entrywise import Entry, entry
from derive.language.expr import Expr, Mul, Power, Transpose, mul
from derive.language.family import Family, Role, Symbol
from derive.language.functions import Inverse, Size, Trace, trace
from derive.language.tree import node

if TYPE_CHECKING:
    from derive.checking.derivations.reader import Reader


HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Target:
    """By what is differentiated: a member of a family, and what the derivative by it becomes (the chain rule)."""

    symbol: Symbol
    then: Callable[[Expr], Expr]


def derivative(reader: "Reader", node: tree.Differentiate) -> Expr:
    """Read a derivative with what it applies to."""
    if node.body is None:
        raise NotReadError("a derivative of nothing", node)
    if node.order != 1 or len(node.by) != 1:
        raise NotReadError("a derivative of higher order", node)
    body = reader.read(node.body)
    if not body.shape.is_scalar:
        raise NotReadError("the derivative of a vector or matrix", node)
    return derivative_by(reader, body, node.by[0], node)


def derivative_by(reader: "Reader", body: Expr, by: Node, node: Node) -> Expr:
    """Return the derivative of a scalar by what a node stands for."""
    target = target_of(reader.read(by), node)
    return target.then(Derivative(body, target.symbol))


def target_of(value: Expr, node: Node) -> Target:
    """Find the member of a family in what is differentiated by."""
    match value:
        case Symbol(family=family):
            if family.role is Role.LATENT:
                raise NotReadError("a derivative by what is no parameter", node)
            return Target(value, lambda gradient: gradient)
        case Transpose(arg=Symbol() as symbol):
            return Target(symbol, lambda gradient: gradient.transposed())
        case Inverse(arg=Symbol() as symbol) | Power(base=Symbol() as symbol, exponent=-1):
            return Target(inverted(symbol), lambda gradient: gradient)
        case Power(base=base, exponent=exponent) if exponent == HALF:
            inside = target_of(base, node)
            return Target(inside.symbol, lambda gradient: mul(2, value, inside.then(gradient)))
        case Entry(arg=arg, row=row, col=col):
            inside = target_of(arg, node)
            return Target(inside.symbol, lambda gradient: entry(inside.then(gradient), row, col))
        case Mul(factors=(Power(base=Size()), Trace(arg=Symbol() as symbol))):
            return Target(symbol, trace)
    raise NotReadError(f"a derivative by {value}", node)


def inverted(symbol: Symbol) -> Symbol:
    """Return the member of the family of inverses: Lambda_k for Sigma_k."""
    family = symbol.family
    other = Family(
        f"{family.name}_inverse", family.role, family.indices, family.shape, family.domain, inverse_of=family
    )
    return Symbol(other, symbol.indices)


@node
class FreeDerivative(Derivative):
    """A gradient by a matrix whose entries all vary freely, symmetric or not."""

    symmetric = False

    @property
    def varied(self) -> Domain:
        """All matrices."""
        return Real()


def unstructured(expr: Expr) -> Expr:
    """Take derivatives by matrices whose entries all vary freely, symmetric or not: another convention."""
    if isinstance(expr, Derivative):
        matrix = expr.symbol.family.domain.side is not None
        return FreeDerivative(unstructured(expr.body), expr.symbol) if matrix else expr
    return expr.map(unstructured)
