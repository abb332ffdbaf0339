"""Expressions to nodes: matrix words become contractions over named axes, a letter an array, a neighbourhood an axis.

A matrix is lowered for a row and a column axis. A diagonal matrix has one value for each row, a spherical one a single
value: in a word such a letter makes its row and its column the same axis.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from derive.errors import LoweringError
from derive.language import reductions
from derive.language.beyond import Beyond
from derive.language.calculus_nodes import FrobeniusNorm, Named
from derive.language.expr import Add, Expr, Identity, Mul, Number, Power, Transpose, Word, Zero
from derive.language.family import Symbol
from derive.language.functions import Constant, DiagonalPart, Exp, Inverse, Log, LogDet, Size, Sum, Trace
from derive.language.index import ONE, Extent, Index
from derive.language.numbered import Cases, Ordinal
from derive.language.root_of import RootOf
from derive.language.special import SpecialFunction
from derive.language.symbolic_power import SymbolicPower
from derive.language.width import Width
from derive.lowering import build, node, operations, picking, special
from derive.lowering.axis import Axis
from derive.lowering.locating import locate
from derive.lowering.node import Input, Node
from derive.lowering.scope import Scope, kind_of
from derive.lowering.structure import Structure, structure_of

Plates = Mapping[Index, Axis]


@dataclass(frozen=True)
class Lowering:
    """Lowers expressions in a scope; ``plates`` says which axis each plate index is."""

    scope: Scope
    plates: Plates

    def scalar(self, expr: Expr) -> Node:
        """Return the node of a scalar expression."""
        return self._scalar(expr).means(expr)

    def _scalar(self, expr: Expr) -> Node:  # noqa: C901, PLR0912 - one case a node
        match expr:
            case Number(value):
                return node.Number(value)
            case Constant("pi"):
                return node.Pi()
            case Size(extent):
                return node.SizeOf(extent.name)
            case Symbol():
                inside = self.scope.definition(expr)
                return self.scope.value(expr, None, None, self.plates) if inside is None else self.scalar(inside)
            case Add(terms):
                return build.add(*map(self.scalar, terms))
            case Mul(factors):
                return build.mul(*map(self.scalar, factors))
            case Power(SymbolicPower(base, exponent), number) if abs(number) != 1:  # in one: (x^a)^2 may overflow
                whole = build.mul(build.number(abs(number)), self.scalar(exponent))
                raised = special.Special((self.scalar(base), whole), "power")
                return raised if number > 0 else build.power(raised, -1)
            case Power(base, exponent):
                return build.power(self.scalar(base), exponent)
            case Log(arg):
                return operations.Log((self.scalar(arg),))
            case Exp(arg):
                return operations.Exp((self.scalar(arg),))
            case SpecialFunction() | SymbolicPower():
                return special.lowered(expr, tuple(map(self.scalar, expr.children)))
            case Word():
                return self._word(expr, None, None)
            case Sum(index, body):
                return self._sum(index, body, None, None)
            case Trace(arg):
                return self._trace(arg)
            case LogDet(arg):
                return self._logdet(arg)
            case FrobeniusNorm(arg):
                row, col = self._usual(arg)
                square = build.power(self.entry(arg, row, col), 2)
                return build.contract((square,), [axis for axis in (row, col) if axis is not None])
            case reductions.Reduction(index=index):
                return self._picked(expr, index)
            case RootOf(unknown, slope):
                return self._root(unknown, slope)
            case Named(_, _, definition):
                return self._scalar(definition)
            case Width():
                return self._scalar(expr.definition)
            case Ordinal(index):
                return node.Ordinals(self.plates[index])
            case Cases():
                return self._cases(expr, None, None)
            case Beyond():
                return self._beyond(expr)
        raise LoweringError(f"{expr} cannot become array code: there is none for {type(expr).__name__}")

    def _picked(self, expr: reductions.Reduction, index: Index) -> Node:
        """What picks one value along the axis of a plate."""
        axis = self._along(index, expr.children)
        inner = Lowering(self.scope, {**self.plates, index: axis})
        value, weight = inner.scalar(expr.value), inner.scalar(expr.weight)
        match expr:
            case reductions.Extreme(largest=largest):
                return picking.Extreme(value, weight, axis, largest)
            case reductions.Quantile(level=level):
                return picking.Quantile(value, weight, axis, inner.scalar(level))
        raise LoweringError(f"{expr} cannot become array code: there is none for {type(expr).__name__}")

    def _along(self, index: Index, inside: Iterable[Expr], *more: Axis | None) -> Axis:
        """Return the axis of a plate, under a letter that nothing inside has otherwise."""
        axis = self.scope.usual(index)
        others = {self.plates[i] for expr in inside for i in expr.free if i != index} | set(more)
        if axis in others:
            axis = axis.fresh(other for other in others if other is not None)
        return axis

    def _root(self, unknown: Symbol, slope: Expr) -> Node:
        """The root of a falling function: the unknown stands in it as itself, with an axis for each of its plates."""
        dims = tuple(self.plates[index] for index in unknown.indices)
        name = unknown.family.code or unknown.family.name
        stand_in = Input(f"any {name}", self.scope.stored_axes(unknown.family), kind_of(unknown.family), "unknown")
        inner = replace(self.scope, computed={**self.scope.computed, unknown.family.name: stand_in})
        body = Lowering(inner, self.plates).scalar(slope)
        domain = unknown.family.domain
        ends = (0 if domain.positive else None, 1 if domain.below_one else None)
        return locate(stand_in, body, name, dims, ends)

    def entry(self, expr: Expr, row: Axis | None, col: Axis | None) -> Node:
        """Return the entries of a vector or matrix at a row and a column; of a structured matrix those it stores."""
        return self._entry(expr, row, col).means(expr)

    def _entry(self, expr: Expr, row: Axis | None, col: Axis | None) -> Node:  # noqa: C901, PLR0912 - one case a node
        match expr:
            case _ if expr.shape.is_scalar:
                return self._scalar(expr)
            case Symbol():
                inside = self.scope.definition(expr)
                return self.scope.value(expr, row, col, self.plates) if inside is None else self.entry(inside, row, col)
            case Zero():
                return build.number(0)
            case Identity():
                return build.ONE
            case Add(terms):
                whole = structure_of(expr)
                return build.add(*(self.raised(term, row, col, whole) for term in terms))
            case Mul(factors):
                return build.mul(*map(self.scalar, factors[:-1]), self.entry(factors[-1], row, col))
            case Transpose(arg):
                return self.entry(arg, col, row)
            case Word():
                return self._word(expr, row, col)
            case Sum(index, body):
                return self._sum(index, body, row, col)
            case DiagonalPart(arg):
                return self.entry(arg, row, row)
            case Inverse(arg):
                return self._inverse(arg, row, col)
            case Named(_, _, definition):
                return self._entry(definition, row, col)
            case Cases():
                return self._cases(expr, row, col)
        raise LoweringError(f"{expr} cannot become array code: there is none for {type(expr).__name__}")

    def raised(self, expr: Expr, row: Axis | None, col: Axis | None, structure: Structure) -> Node:
        """Return the entries that a matrix of a given structure stores: at least those of the expression."""
        own = structure_of(expr)
        if own > structure:
            raise LoweringError(f"{expr} is {own.name.lower()}, but what it is to be is {structure.name.lower()}")
        value = self.entry(expr, row, col)
        if structure is Structure.DENSE and own < structure and row is not None and col is not None and row != col:
            return build.mul(value, node.Eye(row, col))
        return value

    def _cases(self, expr: Cases, row: Axis | None, col: Axis | None) -> Node:
        axis = self.plates[expr.index]
        if all(isinstance(value, Number) for value in expr.children):
            first = [value.value for at in range(max(expr.numbers)) if isinstance(value := expr.at(at + 1), Number)]
            return node.Given(tuple(first), expr.otherwise.value, axis)  # type: ignore[attr-defined]
        whole = structure_of(expr)
        values = (expr.otherwise, *expr.values)
        base, *others = (self.raised(value, row, col, whole) for value in values)
        found = operations.Replace((base, *others), expr.numbers, axis)
        missing = tuple(own for own in found.axes if own not in base.axes)
        spread = build.mul(base, node.Ones(missing)).means(base.meaning) if missing else base
        return operations.Replace((spread, *others), expr.numbers, axis)

    def _beyond(self, expr: Beyond) -> Node:
        """What K components share, and a column for each of the others."""
        into, regular = self.plates[expr.index], self.scope.regular
        if regular is None:
            raise LoweringError(f"{expr} needs a plate of {expr.index.size.base} components")
        axis = self.scope.plate(regular)
        base = Lowering(self.scope, {**self.plates, expr.index: axis}).scalar(expr.otherwise)
        others = [self.scalar(value) for value in expr.values]
        rows = tuple(a for a in operations.Joined((base, *others), axis, into).axes if a != into)
        missing = tuple(own for own in (*rows, axis) if own not in base.axes)
        spread = build.mul(base, node.Ones(missing)).means(base.meaning) if missing else base
        return operations.Joined((spread, *others), axis, into)

    def _usual(self, expr: Expr) -> tuple[Axis | None, Axis | None]:
        row = self.scope.coordinate(expr.shape.rows)
        return row, self.scope.coordinate(expr.shape.cols, (row,))

    def _sum(self, index: Index, body: Expr, row: Axis | None, col: Axis | None) -> Node:
        axis = self._along(index, (body,), row, col)
        inner = Lowering(self.scope, {**self.plates, index: axis})
        summand = inner._scalar(body) if body.shape.is_scalar else inner.entry(body, row, col)
        return build.contract((summand,), (axis,))

    def _word(self, word: Word, row: Axis | None, col: Axis | None) -> Node:
        axes = self._word_axes(word, row, col)
        letters = word.letters
        factors = [self.entry(letter, axes[i], axes[i + 1]) for i, letter in enumerate(letters)]
        summed = [axis for axis in axes[1:-1] if axis is not None and axis not in (row, col)]
        return build.contract(factors, dict.fromkeys(summed))

    def _word_axes(self, word: Word, row: Axis | None, col: Axis | None) -> list[Axis | None]:
        """The axis at each place between letters; a diagonal or spherical letter joins its two places."""
        extents: list[Extent] = [word.letters[0].shape.rows, *(letter.shape.cols for letter in word.letters)]
        last = len(extents) - 1
        joined = [structure_of(letter) is not Structure.DENSE for letter in word.letters]
        group = [0]
        for join in joined:
            group.append(group[-1] + (not join))
        named: dict[int, Axis | None] = {group[last]: col}
        named[group[0]] = row if row is not None or group[0] != group[last] else named.get(group[last])
        axes: list[Axis | None] = []
        for at, extent in enumerate(extents):
            if group[at] not in named:
                named[group[at]] = None if extent == ONE else self.scope.coordinate(extent, (row, col, *named.values()))
            axes.append(named[group[at]])
        return axes

    def _trace(self, arg: Expr) -> Node:
        axis, _ = self._usual(arg)
        if axis is None:
            return self.scalar(arg)
        return build.contract((self.entry(arg, axis, axis),), (axis,))

    def _logdet(self, arg: Expr) -> Node:
        row, col = self._usual(arg)
        if row is None or col is None:
            return operations.Log((self.scalar(arg),))
        entries = self.entry(arg, row, col)
        if structure_of(arg) is Structure.DENSE:
            return operations.LogDet(entries, row, col)
        return build.contract((operations.Log((entries,)),), (row,))

    def _inverse(self, arg: Expr, row: Axis | None, col: Axis | None) -> Node:
        if structure_of(arg) is not Structure.DENSE:
            return build.power(self.entry(arg, row, col), -1)
        first, second = self._usual(arg)
        if None in (row, col, first, second):
            raise LoweringError(f"the inverse of {arg} ({arg.shape}) is not that of a matrix")
        inverse = operations.Inverse(self.entry(arg, first, second), first, second)  # type: ignore[arg-type]
        return build.rename(inverse, {first: row, second: col})  # type: ignore[dict-item]
