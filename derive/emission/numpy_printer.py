"""Nodes to NumPy expressions."""

from dataclasses import dataclass, field
from fractions import Fraction

from derive.emission.joining import first, joined
from derive.emission.linear_algebra import WHITENED, contraction, solution
from derive.emission.log_helper import SUM_OF_LOGS
from derive.emission.picking import inside, picked
from derive.emission.schedule import is_python_number, squares_summed
from derive.emission.special import special
from derive.emission.text import Binding, Selected, Text, selected
from derive.errors import LoweringError
from derive.lowering.axis import Axis
from derive.lowering.climbing import Coordinate
from derive.lowering.locating import Gather
from derive.lowering.logs import SumOfLogs
from derive.lowering.node import Eye, Given, Input, Node, Number, Ones, Ordinals, Pi, SizeOf
from derive.lowering.operations import (
    Add,
    Cholesky,
    Contract,
    Elementwise,
    Exp,
    First,
    Joined,
    Keep,
    Log,
    Max,
    Mul,
    Power,
    Rename,
    Reorder,
    Select,
    Solve,
)
from derive.lowering.picking import Pick
from derive.lowering.special import Special


@dataclass
class Printer:
    """Writes expressions; ``names`` holds the nodes that have been assigned, under the axes that they have.

    dtype: of the arrays that are made. sizes and imports collect what the text needs: names of sizes, and of functions
    of SciPy and modules.
    """

    names: dict[Node, Text] = field(default_factory=dict)
    sizes: set[str] = field(default_factory=set)
    imports: set[str] = field(default_factory=set)
    dtype: str = "X.dtype"

    def statement(self, node: Node) -> Text:
        """Return the text that computes a node, its axes in the node's order, whether or not it has a name."""
        return self._written(node, node.axes).aligned(node.axes)

    def text(self, node: Node, target: tuple[Axis, ...] | None = None) -> Text:
        """Return the text of a node's value; with a target, such that it broadcasts against arrays of those axes."""
        if node in self.names:
            text = self.names[node]
        elif isinstance(node, Elementwise) and target is not None:
            return self._written(node, target)
        else:
            text = self._written(node, node.axes)
        return text if target is None else text.aligned(target)

    def size(self, axis: Axis | str) -> str:
        """Return the name of a size, and note that it is needed."""
        name = axis if isinstance(axis, str) else axis.size
        self.sizes.add(name)
        return name

    def shape(self, axes: tuple[Axis, ...]) -> str:
        """Return the text of a shape."""
        sizes = ", ".join(map(self.size, axes))
        return f"({sizes},)" if len(axes) == 1 else f"({sizes})"

    def _written(self, node: Node, target: tuple[Axis, ...]) -> Text:  # noqa: C901, PLR0912 - one case a node
        match node:
            case Input(name, dims):
                return Text(name, dims)
            case Number(value):
                return _number(value)
            case Pi():
                self.imports.add("math")
                return Text("math.pi")
            case SizeOf(size):
                return Text(self.size(size))
            case Ones(dims):
                return Text(f"np.ones({self.shape(dims)}, dtype={self.dtype})", dims)
            case Eye(row, _):
                return Text(f"np.eye({self.size(row)}, dtype={self.dtype})", node.axes)
            case Ordinals(axis):
                return Text(f"np.arange(1, {self.size(axis)} + 1, dtype={self.dtype})", node.axes)
            case Given():
                return self._given(node)
            case Add(args):
                return self._sum(args, target)
            case Mul(args):
                return self._product(args, target)
            case Power((base,), exponent):
                return self._power(base, exponent, target)
            case Log() | Exp():
                return self._function(node, target)
            case Special((smaller, larger), "support"):
                return inside(self.text(smaller, target), self.text(larger, target), self.dtype)
            case Special((value, point), "point_mass"):
                return inside(self.text(value, target), self.text(point, target), self.dtype, "==")
            case First(arg, axis):
                return first(self.text(arg), axis, node.axes)
            case Joined(args):
                return joined(args, node.axes, self)
            case Pick():
                return picked(node, self.text, self.imports.add)
            case Special(args):
                texts = [self.text(arg, target) for arg in args]
                return special(node, texts, target, self.imports, is_number=is_python_number(node))
            case Keep(arg):
                return self.text(arg, target)
            case Reorder(arg, dims):
                return self.text(arg).aligned(dims)
            case Max(arg, axis):
                inner = self.text(arg)
                return Text(f"{inner.at_least(Binding.ATOM)}.max(axis={inner.axes.index(axis)})", _less(inner, axis))
            case Rename(arg, names):
                return self._renamed(arg, names)
            case Select(arg, axis):
                return self._selected(arg, axis)
            case Gather(arg, places):
                return self._gathered(arg, places, node.axes)
            case Coordinate(arg, place):
                return Text(f"{self.text(arg).at_least(Binding.ATOM)}[..., {place}]", node.axes)
            case Cholesky(arg):
                return Text(f"np.linalg.cholesky({self.text(arg, node.axes).code})", node.axes)
            case Solve():
                found = solution(node, self.text)
                self.imports |= {WHITENED} if found.code.startswith("_whitened(") else set()
                return found
            case SumOfLogs():
                return self._sum_of_logs(node)
            case Contract():
                return contraction(node, self.text, squares_summed(node))
        raise LoweringError(f"no array code is written for {type(node).__name__}")

    def _given(self, node: Given) -> Text:
        """Constants for the first components, padded for the others."""
        first = ", ".join(_number(value).code for value in node.first)
        array = f"np.array(({first}{',' if len(node.first) == 1 else ''}), dtype={self.dtype})"
        rest = f", constant_values={_number(node.rest).code}" if node.rest else ""
        return Text(f"np.pad({array}, (0, {self.size(node.axis)} - {len(node.first)}){rest})", node.axes)

    def _sum_of_logs(self, node: SumOfLogs) -> Text:
        self.imports.add(SUM_OF_LOGS)
        rows = [axis for axis in node.weights.axes if axis not in node.over]
        columns = [axis for axis in node.values.axes if axis not in node.over]
        tables = []
        for part, outer in ((node.weights, rows), (node.values, columns)):
            text = self.text(part, (*outer, *node.over))
            tables.append(text.code if node.over else f"{text.at_least(Binding.ATOM)}[:, np.newaxis]")
        return Text(f"_sum_of_logs({', '.join(tables)})", (*rows, *columns))

    def _sum(self, args: tuple[Node, ...], target: tuple[Axis, ...]) -> Text:
        terms = sorted(args, key=_is_negative)  # stable: a negative term comes after the others
        code = ""
        for term in terms:
            if code and _is_negative(term):
                code += " - " + self._product(_negated(term), target).at_least(Binding.PRODUCT)
            else:
                code += (" + " if code else "") + self.text(term, target).at_least(Binding.PRODUCT)
        return Text(code, target, Binding.SUM)

    def _product(self, args: tuple[Node, ...], target: tuple[Axis, ...]) -> Text:
        coefficient = next((arg.value for arg in args if isinstance(arg, Number)), Fraction(1))
        factors = sorted((arg for arg in args if not isinstance(arg, Number)), key=_kind)
        above = [arg for arg in factors if not (isinstance(arg, Power) and arg.exponent < 0)]
        below = [arg for arg in factors if arg not in above]
        code = "-" if coefficient < 0 else ""
        first = True
        if abs(coefficient.numerator) != 1 or not above:
            code, first = code + str(abs(coefficient.numerator)), False
        for factor in above:
            text = self.text(factor, target)
            # A matrix product that is not the first factor would bind what stands before it.
            shown = text.at_least(Binding.PRODUCT if first else Binding.UNARY)
            code, first = (code + shown if first else f"{code} * {shown}"), False
        divisors = [self._power(arg.args[0], -arg.exponent, target) for arg in below if isinstance(arg, Power)]
        if coefficient.denominator != 1:
            divisors.insert(0, Text(str(coefficient.denominator)))
        if len(divisors) == 1:
            code += f" / {divisors[0].at_least(Binding.UNARY)}"
        elif divisors:
            code += f" / ({' * '.join(divisor.at_least(Binding.UNARY) for divisor in divisors)})"
        return Text(code, target, Binding.UNARY if code.startswith("-") and " " not in code else Binding.PRODUCT)

    def _power(self, base: Node, exponent: Fraction, target: tuple[Axis, ...]) -> Text:
        text = self.text(base, target)
        if exponent == 1:
            return text
        if exponent < 0:
            return Text(f"1 / {self._power(base, -exponent, target).at_least(Binding.UNARY)}", target, Binding.PRODUCT)
        if exponent == Fraction(1, 2):
            return Text(f"{self._library(base)}.sqrt({text.code})", target)
        whole = exponent.denominator == 1
        shown = str(exponent.numerator) if whole else f"({exponent.numerator} / {exponent.denominator})"
        base_text = text.at_least(Binding.ATOM)
        simple = base_text.replace(".", "").replace("_", "").isalnum() and whole
        return Text(f"{base_text}**{shown}" if simple else f"{base_text} ** {shown}", target, Binding.POWER)

    def _function(self, node: Log | Exp, target: tuple[Axis, ...]) -> Text:
        (arg,) = node.args
        name = "log" if isinstance(node, Log) else "exp"
        return Text(f"{self._library(arg)}.{name}({self.text(arg, target).code})", target)

    def _library(self, arg: Node) -> str:
        """Python numbers stay Python numbers: a NumPy float64 would turn float32 arrays into float64."""
        if not is_python_number(arg):
            return "np"
        self.imports.add("math")
        return "math"

    def _renamed(self, arg: Node, names: tuple[Axis, ...]) -> Text:
        inner = self.text(arg)
        mapping = dict(zip(arg.axes, names, strict=True))
        axes = tuple(mapping[axis] for axis in inner.axes)
        repeated = [axis for axis in dict.fromkeys(axes) if axes.count(axis) > 1]
        if not repeated:
            return renamed(inner, axes)
        places = [i for i, axis in enumerate(axes) if axis == repeated[0]]
        if len(repeated) > 1 or len(places) > 2:
            raise LoweringError("a diagonal of more than two axes at once is not written as array code")
        rest = tuple(axis for axis in axes if axis != repeated[0])
        where = "" if not rest else f", axis1={places[0]}, axis2={places[1]}"
        return Text(f"np.diagonal({inner.code}{where})", (*rest, repeated[0]))

    def _gathered(self, arg: Node, places: tuple[Axis, ...], target: tuple[Axis, ...]) -> Text:
        """A value from outside at the positions of an unknown's entries: arrays of positions have the axes' letters."""
        inner = self.text(arg)
        if not places:
            return inner
        shown = [axis.name if axis in places else ":" for axis in inner.axes]
        while shown[-1] == ":":
            shown.pop()
        rest = tuple(axis for axis in inner.axes if axis not in places)
        (into,) = (axis for axis in target if axis not in rest)
        first = min(i for i, axis in enumerate(inner.axes) if axis in places)
        return Text(f"{inner.at_least(Binding.ATOM)}[{', '.join(shown)}]", (*rest[:first], into, *rest[first:]))

    def _selected(self, arg: Node, axis: Axis) -> Text:
        inner = self.text(arg)
        places = [axis.name if own == axis else ":" for own in inner.axes]
        return selected(inner.at_least(Binding.ATOM), places, _less(inner, axis))


def renamed(text: Text, axes: tuple[Axis, ...]) -> Text:
    """Return the same text under other axis names."""
    if isinstance(text, Selected):
        return selected(text.base, list(text.places), axes)
    return Text(text.code, axes, text.binding)


def _less(text: Text, axis: Axis) -> tuple[Axis, ...]:
    return tuple(own for own in text.axes if own != axis)


def _number(value: Fraction) -> Text:
    if value.denominator == 1:
        return Text(str(value), (), Binding.ATOM if value >= 0 else Binding.UNARY)
    return Text(f"{value.numerator} / {value.denominator}", (), Binding.PRODUCT)


def _is_negative(term: Node) -> bool:
    if isinstance(term, Number):
        return term.value < 0
    return isinstance(term, Mul) and any(isinstance(arg, Number) and arg.value < 0 for arg in term.args)


def _negated(term: Node) -> tuple[Node, ...]:
    if isinstance(term, Number):
        return (Number(-term.value),)
    assert isinstance(term, Mul)  # noqa: S101 - for the type checker
    return tuple(Number(-arg.value) if isinstance(arg, Number) else arg for arg in term.args)


def _kind(node: Node) -> int:
    """Matrix products come first in a product, since @ binds from the left as * does."""
    return 0 if isinstance(node, Contract) else 1
