"""Roots and maxima as functions of the unknown, followed by the call of the helper that looks for them."""

from collections.abc import Callable
from dataclasses import dataclass

from derive.emission.lines import INDENT, fitted
from derive.emission.naming import Names
from derive.emission.numpy_printer import Printer
from derive.emission.schedule import Assign, ClimbTo, FindRoot
from derive.emission.special import HELPER
from derive.emission.text import Text
from derive.lowering.axis import Axis
from derive.lowering.climbing import Climb
from derive.lowering.node import Node

Assigned = Callable[[str, Node, int, str], list[str]]


@dataclass
class Search:
    """Writes the statements of one search. assigned: writes an assignment, as everywhere in the function."""

    printer: Printer
    names: Names
    assigned: Assigned

    def root(self, item: FindRoot) -> list[str]:
        """The equation as a function of the unknown at given positions, and the call that finds its root."""
        node, name, unknown = item.node, self.names.name(item.node), item.node.unknown
        self.printer.names[unknown] = Text(unknown.name, unknown.dims)
        arguments = "".join(f", {axis.name}: Array" for axis in node.dims)
        function = f"{unknown.name}_slope"
        lines = [
            "",
            f"def {function}({unknown.name}: Array{arguments}) -> Array:  # ({item.number}) falls past 0",
        ]
        lines += self._body(item.body)
        text = self.printer.text(node.slope, unknown.dims)
        lines += [*fitted(f"slope: Array = {text.code}", "", INDENT), f"{INDENT}return slope", ""]
        ends = "".join(f", {word}={end}" for word, end in node.ends.items())
        shape = self.printer.shape(node.dims) if node.dims else "()"
        lines += self._called(
            node, name, f'_root({function}, "{unknown.name}", {shape}{ends}).astype({self.printer.dtype})', item.number
        )
        self.printer.imports.add(f"{HELPER}root")
        return lines

    def climb(self, item: ClimbTo) -> list[str]:
        """What is climbed and its derivatives as functions of the point, and the call that finds the maximum."""
        node, stem = item.node, item.node.unknowns[0].name
        for unknown in node.unknowns:
            self.printer.names[unknown] = Text(unknown.name, unknown.dims)
        point = stem if node.other is not None else "point"
        lines = ["", f"def {stem}_value({point}: Array) -> Array:  # ({item.number})", *self._taken(node)]
        lines += self._body(item.value)
        value = self.printer.text(node.value, node.batch).code
        lines += [*fitted(f"value: Array = {value}", "", INDENT), f"{INDENT}return value", ""]
        self._forget(item.value)
        lines += [
            f"def {stem}_derivatives({point}: Array) -> tuple[Array, Array]:  # ({item.number})",
            *self._taken(node),
        ]
        lines += [*self._body(item.derivatives), *self._derivatives(node), f"{INDENT}return gradient, hessian", ""]
        self._forget(item.derivatives)
        size = self.printer.size(node.entry) if node.other is not None else str(len(node.unknowns))
        shape = ", ".join([*map(self.printer.size, node.batch), size]) + ("" if node.batch else ",")
        words = " and ".join(unknown.name for unknown in node.unknowns)
        found = f'_newton({stem}_value, {stem}_derivatives, np.ones(({shape})), "{words}")'
        self.printer.imports.add(f"{HELPER}newton")
        name = self.names.name(node)
        called = self._called(node, name, found, item.number)
        # Searched for in float64: in float32 the slopes are too coarse to end on.
        return [*lines, *called, f"{name} = {name}.astype({self.printer.dtype})"]

    def _taken(self, node: Climb) -> list[str]:
        if node.other is not None:
            return []
        places = ", ".join(f"point[..., {i}]" for i in range(len(node.unknowns)))
        return [f"{INDENT}{', '.join(unknown.name for unknown in node.unknowns)} = {places}"]

    def _derivatives(self, node: Climb) -> list[str]:
        if node.other is not None:
            last = (*node.batch, node.entry)
            lines = self._set("gradient", node.slopes[0], last)
            for name, part in zip(("diagonal", "rest"), node.hessian, strict=True):
                lines += self._set(name, part, part.axes)
            square = (*last, node.other)
            diagonal, rest = (
                Text(name, part.axes).aligned(square).code
                for name, part in zip(("diagonal", "rest"), node.hessian, strict=True)
            )
            unit = f"np.eye({self.printer.size(node.entry)}, dtype={self.printer.dtype})"
            return [*lines, *fitted(f"hessian: Array = {rest} + {diagonal} * {unit}", "", INDENT)]
        count = len(node.unknowns)
        texts = [self.printer.text(part, node.batch).code for part in (*node.slopes, *node.hessian)]
        lines = fitted(f"gradient: Array = {_stacked(texts[:count], -1)}", "", INDENT)
        rows = [f"{unknown.name}_row" for unknown in node.unknowns]
        for i, row in enumerate(rows, start=1):
            lines += fitted(f"{row}: Array = {_stacked(texts[i * count : (i + 1) * count], -1)}", "", INDENT)
        return lines + fitted(f"hessian: Array = {_stacked(rows, -2)}", "", INDENT)

    def _set(self, name: str, node: Node, axes: tuple[Axis, ...]) -> list[str]:
        return fitted(f"{name}: Array = {self.printer.text(node, axes).code}", "", INDENT)

    def _body(self, body: tuple[Assign, ...]) -> list[str]:
        return [
            line
            for assign in body
            for line in self.assigned(self.names.name(assign.node), assign.node, assign.number, INDENT)
        ]

    def _forget(self, body: tuple[Assign, ...]) -> None:
        """What one function has computed is unknown in the next."""
        for assign in body:
            self.printer.names.pop(assign.node, None)

    def _called(self, node: Node, name: str, call: str, number: int) -> list[str]:
        self.printer.names[node] = Text(name, node.axes)
        return fitted(f"{name} = {call}", f"({number})")


def _stacked(texts: list[str], axis: int) -> str:
    return f"np.stack([{', '.join(texts)}], axis={axis})"
