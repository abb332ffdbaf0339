"""Linear equations between members of one family: mu[1] + mu[2] = 0."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from derive.language.expr import Expr, Number, Zero, add, mul
from derive.language.family import Family
from derive.language.rewrite import collect
from derive.models.reading.nodes import Binary, Call, Member, Negative, Node, Numeral, Statement
from derive.models.reading.symbols import Symbols

HIGHEST = 30


@dataclass(frozen=True)
class Equation:
    """sum of coefficient * member + constant = 0; members by their numbers, from 1."""

    coefficients: Mapping[int, Fraction]
    constant: Expr

    def plus(self, factor: Fraction, other: "Equation") -> "Equation":
        """Return self + factor * other."""
        numbers = {**self.coefficients, **other.coefficients}
        sums = {i: self.coefficients.get(i, Fraction(0)) + factor * other.coefficients.get(i, 0) for i in numbers}
        constant = collect(add(self.constant, mul(factor, other.constant)))
        return Equation({i: value for i, value in sums.items() if value}, constant)

    def times(self, factor: Fraction) -> "Equation":
        """Return the multiple."""
        return Equation({i: factor * value for i, value in self.coefficients.items()}, mul(factor, self.constant))


def zero(family: Family) -> Expr:
    """Return the zero of a family's shape."""
    return Number(Fraction(0)) if family.shape.is_scalar else Zero(family.shape.rows, family.shape.cols)


def members(node: Node | None) -> Iterator[Member]:
    """Yield the members of single components in a text."""
    match node:
        case Member(_, _, Numeral()):
            yield node
        case Negative(_, arg):
            yield from members(arg)
        case Binary(_, _, left, right):
            yield from members(left)
            yield from members(right)
        case Call(_, _, arguments):
            for argument in arguments:
                yield from members(argument)


def numbered(statement: Statement) -> bool:
    """Whether a statement speaks of single components."""
    return any(True for side in (statement.left, statement.right) for _ in members(side))


def equation(symbols: Symbols, statement: Statement) -> tuple[Family, Equation]:
    """Return the family and the equation left - right = 0. Raises InputError for what is not linear."""
    found = [member for side in (statement.left, statement.right) for member in members(side)]
    families = {symbols.family(member.name, member.place).name for member in found}
    if len(families) > 1:
        names = " and ".join(sorted(families))
        raise statement.place.error(f"it ties members of {names}; members of one family can be tied")
    family = symbols.family(found[0].name, found[0].place)
    if symbols.model.component not in family.indices:
        raise found[0].place.error(f"{family.name} is shared by all components: it has no {family.name}[...]")
    reader = _Linear(Symbols(symbols.model, family.domain.side, symbols.more), family)
    assert statement.right is not None  # noqa: S101 - for the type checker
    return family, reader.read(statement.left).plus(Fraction(-1), reader.read(statement.right))


@dataclass(frozen=True)
class _Linear:
    symbols: Symbols
    family: Family

    def read(self, node: Node) -> Equation:
        if not any(True for _ in members(node)):
            return Equation({}, self._constant(node))
        match node:
            case Member(_, _, Numeral(place, value)):
                if value.denominator != 1 or not 1 <= value <= HIGHEST:
                    raise place.error(f"the number of a component is expected here, from 1 to {HIGHEST}")
                return Equation({int(value): Fraction(1)}, zero(self.family))
            case Negative(_, arg):
                return self.read(arg).times(Fraction(-1))
            case Binary(_, "+" | "-" as sign, left, right):
                return self.read(left).plus(Fraction(1 if sign == "+" else -1), self.read(right))
            case Binary(_, "*", left, right):
                inner, other = (left, right) if any(True for _ in members(left)) else (right, left)
                return self.read(inner).times(self._number(other))
            case Binary(_, "/", left, right):
                divisor = self._number(right)
                if not divisor:
                    raise right.place.error("this divides by zero")
                return self.read(left).times(1 / divisor)
        raise node.place.error("members of components can be added, and multiplied by numbers: this is not linear")

    def _number(self, node: Node) -> Fraction:
        value = self.symbols.expression(node) if not any(True for _ in members(node)) else None
        if not isinstance(value, Number):
            raise node.place.error("a number is expected here: members of components are tied linearly")
        return value.value

    def _constant(self, node: Node) -> Expr:
        value = self.symbols.expression(node)
        if value == Number(Fraction(0)):
            return zero(self.family)
        if value.shape != self.family.shape:
            raise node.place.error(f"{self.family.name} is {self.family.shape}, but this is {value.shape}")
        if value.free:
            raise node.place.error("a number is expected here: members of components are tied linearly")
        return value
