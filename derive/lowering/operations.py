# ruff: noqa: D102 - `axes` and `bound` of a node are described once, in the base of all nodes
"""Program nodes that compute: elementwise operations, contractions, linear algebra, and loops."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from derive.lowering.axis import Axis, ordered
from derive.lowering.node import Node


@dataclass(frozen=True, eq=False)
class Elementwise(Node):
    """An operation on matching entries; a missing axis is broadcast."""

    args: tuple[Node, ...]

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return ordered(axis for arg in self.args for axis in arg.axes)


class Add(Elementwise):
    """Sum of terms."""


class Mul(Elementwise):
    """Product of factors."""


class Log(Elementwise):
    """Natural logarithm."""


class Exp(Elementwise):
    """Exponential."""


@dataclass(frozen=True, eq=False)
class Power(Elementwise):
    """A rational power."""

    exponent: Fraction


@dataclass(frozen=True, eq=False)
class Contract(Node):
    """Sum over axes of a product of factors."""

    args: tuple[Node, ...]
    over: tuple[Axis, ...]

    @property
    def bound(self) -> frozenset[Axis]:
        return frozenset(self.over)

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return tuple(axis for axis in ordered(a for arg in self.args for a in arg.axes) if axis not in self.over)


@dataclass(frozen=True, eq=False)
class Max(Node):
    """Largest entry along an axis."""

    arg: Node
    axis: Axis

    @property
    def bound(self) -> frozenset[Axis]:
        return frozenset((self.axis,))

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return tuple(axis for axis in self.arg.axes if axis != self.axis)


@dataclass(frozen=True, eq=False)
class Rename(Node):
    """The same array under other axis names, one for each of its axes; a name given twice takes the diagonal."""

    arg: Node
    names: tuple[Axis, ...]

    @property
    def bound(self) -> frozenset[Axis]:
        return frozenset(self.arg.axes)

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return tuple(dict.fromkeys(self.names))


@dataclass(frozen=True, eq=False)
class Reorder(Node):
    """The same array with its axes in another order than that of their names, as a parameter declares them."""

    arg: Node
    dims: tuple[Axis, ...]

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return self.dims


@dataclass(frozen=True, eq=False)
class MatrixNode(Node):
    """A function of the matrix whose rows and columns lie along the two axes."""

    arg: Node
    row: Axis
    col: Axis


class Inverse(MatrixNode):
    """The inverse, with the same axes."""

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return ordered(self.arg.axes)


class Cholesky(MatrixNode):
    """The lower triangular L with L L' = the matrix."""

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return (*(a for a in ordered(self.arg.axes) if a not in (self.row, self.col)), self.row, self.col)


class LogDet(MatrixNode):
    """The logarithm of the determinant."""

    @property
    def bound(self) -> frozenset[Axis]:
        return frozenset((self.row, self.col))

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return tuple(axis for axis in ordered(self.arg.axes) if axis not in (self.row, self.col))


@dataclass(frozen=True, eq=False)
class Solve(Node):
    """y with sum over col of matrix[row, col] y[col] = rhs[row]; y carries the axis row in place of col.

    rhs has the axis row and may have others. The axis col is bound.
    """

    matrix: Node
    rhs: Node
    row: Axis
    col: Axis

    @property
    def bound(self) -> frozenset[Axis]:
        return frozenset((self.col,))

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return ordered(axis for axis in (*self.matrix.axes, *self.rhs.axes) if axis != self.col)


class TriangularSolve(Solve):
    """The same for a lower triangular matrix."""


@dataclass(frozen=True, eq=False)
class Keep(Node):
    """A value that has a name of its own, such as a parameter's new value: passes leave it in one piece."""

    arg: Node
    name: str

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return self.arg.axes


@dataclass(frozen=True, eq=False)
class Replace(Node):
    """An array, the first of the arguments, with other values at some numbers (from 1) along an axis: the others."""

    args: tuple[Node, ...]
    numbers: tuple[int, ...]
    axis: Axis

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return ordered(axis for arg in self.args for axis in (*arg.axes, self.axis))


@dataclass(frozen=True, eq=False)
class First(Node):
    """The entries of an array that the first members of a plate have: along ``into`` in place of ``axis``."""

    arg: Node
    axis: Axis
    into: Axis

    @property
    def bound(self) -> frozenset[Axis]:
        return frozenset((self.axis,))

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return tuple(self.into if axis == self.axis else axis for axis in self.arg.axes)


@dataclass(frozen=True, eq=False)
class Joined(Node):
    """An array along ``axis``, the first of the arguments, and one more column for each other, along ``into``."""

    args: tuple[Node, ...]
    axis: Axis
    into: Axis

    @property
    def bound(self) -> frozenset[Axis]:
        return frozenset((self.axis,))

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return ordered((*(a for arg in self.args for a in arg.axes if a != self.axis), self.into))


@dataclass(frozen=True, eq=False)
class Select(Node):
    """The entry of an array at the position of the loop over an axis."""

    arg: Node
    axis: Axis

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return tuple(axis for axis in self.arg.axes if axis != self.axis)


@dataclass(frozen=True, eq=False)
class Loop(Node):
    """A value made by a loop over an axis, from the body's value at each position."""

    body: Node
    axis: Axis


class Stack(Loop):
    """The bodies, stacked along the axis."""

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return ordered((self.axis, *self.body.axes))


class Accumulate(Loop):
    """The sum of the bodies."""

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return self.body.axes
