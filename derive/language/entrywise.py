"""Entries of vectors and matrices, and what is done entry by entry: how hand-written formulas speak of coordinates."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from flint import fmpq

from derive.errors import ModelError
from derive.language.expr import Expr
from derive.language.index import ONE, Index, Shape
from derive.language.ring import Matrix
from derive.language.tree import node, plain


class Entrywise(Expr):
    """A node whose value follows from the entries of its parts."""

    def value_of(self, parts: Sequence[Matrix], env: dict[Index, int]) -> Matrix:
        """Return the value as rows, from those of the parts and the values of the free indices."""
        raise NotImplementedError


@node
class Entry(Entrywise):
    """The entry of a vector or matrix in a row and, for a matrix, a column."""

    arg: Expr
    row: Index
    col: Index | None = None

    @cached_property
    def free(self) -> frozenset[Index]:
        return self.arg.free | {self.row} | ({self.col} if self.col is not None else set())

    def rebuild(self, *children: Expr) -> Expr:
        return replace(self, arg=children[0])

    def value_of(self, parts: Sequence[Matrix], env: dict[Index, int]) -> Matrix:
        column = 0 if self.col is None else env[self.col]
        return ((parts[0][env[self.row]][column],),)


@node
class Hadamard(Entrywise):
    """The product entry by entry of two vectors or matrices of one shape."""

    left: Expr
    right: Expr

    @property
    def shape(self) -> Shape:
        return self.left.shape

    def rebuild(self, *children: Expr) -> Expr:
        return hadamard(*children)

    def value_of(self, parts: Sequence[Matrix], env: dict[Index, int]) -> Matrix:
        del env
        return tuple(tuple(a * b for a, b in zip(r, s, strict=True)) for r, s in zip(*parts, strict=True))


@node
class DiagonalEntries(Entrywise):
    """The vector of the diagonal entries of a square matrix."""

    arg: Expr

    @property
    def shape(self) -> Shape:
        return Shape(self.arg.shape.rows)

    def rebuild(self, *children: Expr) -> Expr:
        return DiagonalEntries(children[0])

    def value_of(self, parts: Sequence[Matrix], env: dict[Index, int]) -> Matrix:
        del env
        return tuple((row[i],) for i, row in enumerate(parts[0]))


@node
class DiagonalOf(Entrywise):
    """The diagonal matrix with the entries of a vector on its diagonal."""

    arg: Expr
    symmetric = True

    @property
    def shape(self) -> Shape:
        return Shape(self.arg.shape.rows, self.arg.shape.rows)

    def rebuild(self, *children: Expr) -> Expr:
        return DiagonalOf(children[0])

    def value_of(self, parts: Sequence[Matrix], env: dict[Index, int]) -> Matrix:
        del env
        size = len(parts[0])
        return tuple(tuple(parts[0][i][0] if i == j else fmpq(0) for j in range(size)) for i in range(size))


def entry(arg: Expr, row: Index, col: Index | None = None) -> Expr:
    """Return an entry. Raises ModelError where the indices do not run over the sides."""
    sides = (arg.shape.rows, arg.shape.cols) if col is not None else (arg.shape.rows,)
    given = (row.size,) if col is None else (row.size, col.size)
    if sides != given or (col is None and arg.shape.cols != ONE):
        raise ModelError(f"{arg} ({arg.shape}) has no entry at {row}{'' if col is None else f', {col}'}")
    return Entry(arg, row, col)


def hadamard(left: Expr, right: Expr) -> Expr:
    """Return the product entry by entry. Raises ModelError where the shapes differ."""
    if left.shape != right.shape:
        raise ModelError(f"cannot multiply {left} ({left.shape}) and {right} ({right.shape}) entry by entry")
    return Hadamard(left, right)


@plain.register
def _entry(expr: Entry) -> str:
    return f"[{expr.arg}]_{expr.row}{expr.col or ''}"


@plain.register
def _hadamard(expr: Hadamard) -> str:
    return f"({expr.left} o {expr.right})"


@plain.register(DiagonalEntries)
@plain.register(DiagonalOf)
def _diagonal(expr: DiagonalEntries | DiagonalOf) -> str:
    return f"diag({expr.arg})"
