"""Reference semantics: runs a program on NumPy arrays, node by node, for clarity and not for speed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import LoweringError
from derive.lowering import logs
from derive.lowering.axis import Axis
from derive.lowering.climbing import Climb, Coordinate
from derive.lowering.find_root import find_root
from derive.lowering.locating import Gather, Locate, Unknown, gathers
from derive.lowering.logs import SumOfLogs
from derive.lowering.newton import newton
from derive.lowering.node import Eye, Given, Input, Node, Number, Ones, Ordinals, Pi, SizeOf
from derive.lowering.operations import (
    Accumulate,
    Add,
    Cholesky,
    Contract,
    Exp,
    First,
    Inverse,
    Joined,
    Keep,
    Log,
    LogDet,
    Max,
    Mul,
    Power,
    Rename,
    Reorder,
    Replace,
    Select,
    Solve,
    Stack,
)
from derive.lowering.picking import Extreme, Pick, Quantile, extreme, quantile
from derive.lowering.program import Program
from derive.lowering.special import Special, meaning

Array = NDArray[Any]
Positions = tuple[tuple[Axis, int], ...]


@dataclass
class Interpreter:
    """Evaluates nodes for given inputs and sizes (the name of a size -> its value).

    entries: inside of an equation that is solved numerically, the axes along which its unknown has entries.
    """

    inputs: Mapping[str, Array]
    sizes: Mapping[str, int]
    entries: tuple[Axis, ...] = ()
    _memo: dict[tuple[Node, Positions], Array] = field(default_factory=dict)

    def __call__(self, node: Node, at: Positions = ()) -> Array:
        """Return the node's value, its axes in the node's order; ``at`` holds the positions of the loops around."""
        if (node, at) not in self._memo:
            self._memo[node, at] = np.asarray(self._value(node, at))
        return self._memo[node, at]

    def _value(self, node: Node, at: Positions) -> Array | float:  # noqa: C901, PLR0912 - one case a node
        match node:
            case Input(name):
                return np.asarray(self.inputs[name])
            case Keep(arg):
                return self(arg, at)
            case Reorder(arg, dims):
                return self.aligned(arg, dims, at)
            case Number(value):
                return float(value)
            case Pi():
                return float(np.pi)
            case SizeOf(size):
                return float(self.sizes[size])
            case Ones(dims):
                return np.ones([self.sizes[axis.size] for axis in dims])
            case Eye(row, _):
                return np.eye(self.sizes[row.size])
            case Ordinals(axis):
                return np.arange(1, self.sizes[axis.size] + 1)
            case Given(first, rest, axis):
                return np.array([*map(float, first), *[float(rest)] * self.sizes[axis.size]])[: self.sizes[axis.size]]
            case Replace():
                return self._replaced(node, at)
            case First(arg, axis, into):
                return np.asarray(self(arg, at).take(range(self.sizes[into.size]), axis=arg.axes.index(axis)))
            case Joined():
                return self._joined(node, at)
            case Add(args):
                return reduce(np.add, (self.aligned(arg, node.axes, at) for arg in args))
            case Mul(args):
                return reduce(np.multiply, (self.aligned(arg, node.axes, at) for arg in args))
            case Power((arg,), exponent):
                return self.aligned(arg, node.axes, at) ** float(exponent)
            case Log((arg,)):
                return np.log(self.aligned(arg, node.axes, at))
            case Exp((arg,)):
                return np.exp(self.aligned(arg, node.axes, at))
            case Special(args):
                return meaning(node, tuple(self.aligned(arg, node.axes, at) for arg in args))
            case Contract(args, over):
                return self._contract(args, (*node.axes, *over), len(over), at)
            case SumOfLogs(weights, values, over):
                axes = (*node.axes, *over)
                return logs.meaning(self.aligned(weights, axes, at), self.aligned(values, axes, at), len(over))
            case Max(arg, axis):
                return np.asarray(self(arg, at).max(axis=arg.axes.index(axis)))
            case Rename(arg, names):
                letters = {axis: i for i, axis in enumerate(node.axes)}
                return np.asarray(np.einsum(self(arg, at), [letters[axis] for axis in names], range(len(letters))))
            case Select(arg, axis):
                return np.asarray(self(arg, at).take(dict(at)[axis], axis=arg.axes.index(axis)))
            case Stack(body, axis):
                bodies = [self(body, (*at, (axis, i))) for i in range(self.sizes[axis.size])]
                return np.stack(bodies, axis=node.axes.index(axis))
            case Accumulate(body, axis):
                bodies = [self(body, (*at, (axis, i))) for i in range(self.sizes[axis.size])]
                return np.asarray(np.sum(bodies, axis=0))
            case Inverse() | Cholesky() | LogDet() | Solve():
                return self._linear_algebra(node, at)
            case Pick():
                return self._picked(node, at)
            case Unknown(name):
                return np.asarray(self.inputs[f"unknown {name}"])
            case Gather(arg, places, into):
                return self._gathered(arg, places, into, node.axes, at)
            case Locate():
                return self._located(node, at)
            case Climb():
                return self._climbed(node, at)
            case Coordinate(arg, place):
                return np.asarray(self(arg, at)[..., place])
        raise LoweringError(f"the interpreter has no meaning for {type(node).__name__}")

    def _picked(self, node: Pick, at: Positions) -> Array:
        axes = (node.axis, *node.axes)
        shape = [self.sizes[axis.size] for axis in axes]
        value, weight = (np.broadcast_to(self.aligned(arg, axes, at), shape) for arg in (node.value, node.weight))
        if isinstance(node, Extreme):
            return extreme(value, weight, largest=node.largest)
        if isinstance(node, Quantile):
            return quantile(value, weight, self.aligned(node.level, node.axes, at))
        raise LoweringError(f"the interpreter has no meaning for {type(node).__name__}")

    def _linear_algebra(self, node: Inverse | Cholesky | LogDet | Solve, at: Positions) -> Array:
        last = (node.row, node.col)
        if isinstance(node, Solve):
            batch = tuple(axis for axis in node.axes if axis != node.row and axis not in node.rhs.axes)
            shared = tuple(a for a in node.rhs.axes if a != node.row and a in node.matrix.axes)
            wide = tuple(a for a in node.rhs.axes if a != node.row and a not in node.matrix.axes)
            matrix = self.aligned(node.matrix, (*batch, *shared, *wide, *last), at)
            rhs = self.aligned(node.rhs, (*batch, *shared, *wide, node.row), at)[..., np.newaxis]
            return _moved(np.linalg.solve(matrix, rhs)[..., 0], (*batch, *shared, *wide, node.row), node.axes)
        batch = tuple(axis for axis in node.axes if axis not in last)
        matrix = self.aligned(node.arg, (*batch, *last), at)
        if isinstance(node, LogDet):
            return np.asarray(np.linalg.slogdet(matrix)[1])
        found = np.linalg.inv(matrix) if isinstance(node, Inverse) else np.linalg.cholesky(matrix)
        return _moved(found, (*batch, *last), node.axes)

    def _replaced(self, node: Replace, at: Positions) -> Array:
        shape = [self.sizes[axis.size] for axis in node.axes]
        base, *others = (np.broadcast_to(self.aligned(arg, node.axes, at), shape) for arg in node.args)
        number = np.arange(1, self.sizes[node.axis.size] + 1)
        along = _moved(number, (node.axis,), node.axes)
        return np.asarray(np.select([along == at_number for at_number in node.numbers], others, default=base))

    def _joined(self, node: Joined, at: Positions) -> Array:
        first, *others = node.args
        axes = tuple(node.axis if axis == node.into else axis for axis in node.axes)
        sizes = [self.sizes[axis.size] for axis in axes]
        place = axes.index(node.axis)
        single = [*sizes[:place], 1, *sizes[place + 1 :]]
        columns = [np.broadcast_to(self.aligned(arg, axes, at), single) for arg in others]
        return np.concatenate([np.broadcast_to(self.aligned(first, axes, at), sizes), *columns], axis=place)

    def _gathered(
        self, arg: Node, places: tuple[Axis, ...], into: Axis, target: tuple[Axis, ...], at: Positions
    ) -> Array:
        value = self(arg, at)
        if not places:
            return value
        rest = tuple(axis for axis in arg.axes if axis not in places)
        stood = _moved(value, arg.axes, (*rest, *places))
        entries = np.indices([self.sizes[axis.size] for axis in self.entries]).reshape(len(self.entries), -1)
        index = tuple(entries[self.entries.index(axis)] for axis in places)
        return _moved(stood[(..., *index)], (*rest, into), target)

    def _located(self, node: Locate, at: Positions) -> Array:
        shape = [self.sizes[axis.size] for axis in node.dims]
        outside = Interpreter(self.inputs, self.sizes, node.dims)
        known: dict[tuple[Node, Positions], Array] = {(part, at): outside(part, at) for part in gathers(node.slope)}

        def slope(value: Array) -> Array:
            inputs = {**self.inputs, f"unknown {node.unknown.name}": value}
            return Interpreter(inputs, self.sizes, node.dims, dict(known))(node.slope, at)

        return find_root(slope, int(np.prod(shape)), (node.lower, node.upper)).reshape(shape)

    def _climbed(self, node: Climb, at: Positions) -> Array:
        batch = [self.sizes[axis.size] for axis in node.batch]
        parts = (node.value, *node.slopes, *node.hessian)
        known: dict[tuple[Node, Positions], Array] = {
            (part, at): self(part.arg, at) for whole in parts for part in gathers(whole)
        }

        def inside(point: Array) -> Interpreter:
            entries = [point] if node.other is not None else list(np.moveaxis(point, -1, 0))
            names = (f"unknown {unknown.name}" for unknown in node.unknowns)
            inputs = {**self.inputs, **dict(zip(names, entries, strict=True))}
            return Interpreter(inputs, self.sizes, (), dict(known))

        def derivatives(point: Array) -> tuple[Array, Array]:
            here, last = inside(point), (*node.batch, node.entry)
            if node.other is not None:
                diagonal, rest = node.hessian
                square = here.aligned(rest, (*last, node.other), at) + np.zeros((point.shape[-1],) * 2)
                return (
                    np.broadcast_to(here.aligned(node.slopes[0], last, at), point.shape),
                    square + here.aligned(diagonal, (*last, node.other), at) * np.eye(point.shape[-1]),
                )
            found = [np.broadcast_to(here.aligned(part, node.batch, at), batch) for part in parts[1:]]
            count = len(node.unknowns)
            hessian = np.stack(found[count:], axis=-1).reshape(*batch, count, count)
            return np.stack(found[:count], axis=-1), hessian

        size = len(node.unknowns) if node.other is None else self.sizes[node.entry.size]
        start = np.ones((*batch, size))
        try:
            return newton(lambda point: inside(point).aligned(node.value, node.batch, at), derivatives, start, "they")
        except (ValueError, np.linalg.LinAlgError):
            return np.full(start.shape, np.nan)

    def _contract(self, args: tuple[Node, ...], axes: tuple[Axis, ...], summed: int, at: Positions) -> Array:
        product = reduce(np.multiply, (self.aligned(arg, axes, at) for arg in args))
        return np.asarray(product.sum(axis=tuple(range(len(axes) - summed, len(axes)))))

    def aligned(self, node: Node, axes: tuple[Axis, ...], at: Positions) -> Array:
        """The value with its axes in this order, and length one where it has none."""
        return _moved(self(node, at), node.axes, axes)


def _moved(value: Array, axes: tuple[Axis, ...], target: tuple[Axis, ...]) -> Array:
    kept = [axis for axis in target if axis in axes]
    value = np.transpose(value, [axes.index(axis) for axis in kept])
    return value[tuple(slice(None) if axis in axes else np.newaxis for axis in target)]


def run(program: Program, inputs: Mapping[str, Array], sizes: Mapping[str, int]) -> dict[str, Array]:
    """Return every output of the program by name."""
    interpreter = Interpreter(inputs, sizes)
    return {output.name: interpreter(output.node) for output in program.outputs}
