"""What the names in a text stand for: the symbols of a model, its index of components, sizes, and functions."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from derive.errors import ModelError
from derive.language import functions
from derive.language.expr import Expr, Identity, Number
from derive.language.family import Family, Role
from derive.language.functions import PI, Size
from derive.language.index import Extent
from derive.language.numbered import Ordinal
from derive.models.mixture import Mixture
from derive.models.reading.nodes import Binary, Call, Member, Name, Negative, Node, Numeral, Place

FUNCTIONS: Mapping[str, Callable[..., Expr]] = {
    name: getattr(functions, name)
    for name in ("log", "exp", "sqrt", "inverse", "logdet", "trace", "transpose", "quad", "outer", "diagonal_part")
}
_GREEK = re.compile("[\N{GREEK CAPITAL LETTER ALPHA}-\N{GREEK SMALL LETTER OMEGA}]")
_ALIASES = {"lambda": ("lam", "lamda"), "lamda": ("lam", "lambda"), "epsilon": ("eps",)}
LARGEST_EXPONENT = 64
LARGEST_NUMBER = 1024  # bits


@dataclass(frozen=True)
class Symbols:
    """The names of a model, in formulas and in code, and further ones.

    side: the side of the identity matrix I. more: families that a change introduces, by name.
    """

    model: Mixture
    side: Extent | None = None
    more: Mapping[str, Family] = field(default_factory=dict)

    @property
    def families(self) -> dict[str, Family]:
        """All families by their names in code and in formulas; a name in a formula wins."""
        found = dict.fromkeys((self.model.weights, *self.model.families))
        return {f.code: f for f in found} | {f.name: f for f in found} | dict(self.more)

    def family(self, name: str, place: Place) -> Family:
        """Return the family of this name; raises InputError with the nearest names for one that is not there."""
        families, spelled = self.families, self.spelled(name)
        if spelled in families:
            return families[spelled]
        raise place.error(f"{self.model.name} has no symbol {name!r}; {self.near(name)}")

    def near(self, name: str) -> str:
        """Return what may have been meant."""
        names = [f.name for f in dict.fromkeys(self.families.values()) if f.role is not Role.DATA]
        near = difflib.get_close_matches(name, self.families, n=1, cutoff=0.5)
        return f"did you mean {near[0]!r}?" if near else f"it has {', '.join(names)}"

    def check_spelling(self, name: str, place: Place) -> None:
        """Refuse a new name that looks like a misspelt one of the model."""
        if difflib.get_close_matches(name, self.families, n=1, cutoff=0.75):
            self.family(name, place)

    def is_known(self, name: str) -> bool:
        """Whether a name stands for anything."""
        return self.spelled(name) in self.families or name in self._others

    def spelled(self, name: str) -> str:
        """Return the name by which the model has a symbol: mu for μ, lam for lambda."""
        word = _GREEK.sub(lambda match: _spelled_out(match.group()), name)
        return next((known for known in (name, word, *_ALIASES.get(word, ())) if known in self.families), name)

    @property
    def _others(self) -> dict[str, Expr]:
        """What else has a name: the number of a component, sizes, constants, the identity matrix."""
        found: dict[str, Expr] = {extent.name: Size(extent) for extent in self.model.extents} | {"pi": PI}
        found[self.model.component.name] = Ordinal(self.model.component)
        return found if self.side is None else found | {"I": Identity(self.side)}

    def expression(self, node: Node) -> Expr:
        """Return what a text says as an expression. Raises InputError at the place that makes no sense."""
        try:
            return self._expression(node)
        except ModelError as error:
            raise node.place.error(str(error)) from None

    def _expression(self, node: Node) -> Expr:
        match node:
            case Numeral(_, value):
                return Number(value)
            case Negative(_, arg):
                return -self.expression(arg)
            case Binary():
                return self._binary(node)
            case Name(place, name):
                return self._named(name, place)
            case Member(place, name, index):
                return self._member(name, index, place)
            case Call(place, name, arguments):
                return self._call(name, arguments, place)
        raise node.place.error("this has no meaning in a formula")

    def _named(self, name: str, place: Place) -> Expr:
        if self.spelled(name) in self.families:
            family = self.families[self.spelled(name)]
            if family.role is Role.DATA:
                raise place.error(f"{name} is data: a change speaks of parameters and known constants")
            return family.symbol
        if name in self._others:
            return self._others[name]
        return self.family(name, place).symbol

    def _member(self, name: str, index: Node, place: Place) -> Expr:
        family = self.family(name, place)
        component = self.model.component
        if not isinstance(index, Name) or index.name != component.name:
            raise index.place.error(f"in this formula {name} stands for all components: write {name}[{component}]")
        if component not in family.indices:
            raise place.error(f"{name} has no index {component}: it is shared by all components")
        return self._named(name, place)

    def _binary(self, node: Binary) -> Expr:
        left, right = self.expression(node.left), self.expression(node.right)
        match node.sign:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case "/":
                return left / right.value if isinstance(right, Number) else left / right
        if not isinstance(right, Number) or abs(right.value) > LARGEST_EXPONENT or right.value.denominator > 12:
            raise node.right.place.error(f"an exponent is a number of at most {LARGEST_EXPONENT}")
        if left == Number(Fraction(0)) and right.value <= 0:
            raise node.place.error("0 has no such power")
        if isinstance(left, Number) and _bits(left.value) * abs(right.value) > LARGEST_NUMBER:
            raise node.place.error("this number is too large")
        return left**right.value

    def _call(self, name: str, arguments: tuple[Node, ...], place: Place) -> Expr:
        if name not in FUNCTIONS:
            near = difflib.get_close_matches(name, FUNCTIONS, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(FUNCTIONS)}"
            raise place.error(f"no function is called {name!r}; {hint}")
        try:
            return FUNCTIONS[name](*map(self.expression, arguments))
        except TypeError:
            raise place.error(f"{name} takes another number of arguments than {len(arguments)}") from None


def _spelled_out(letter: str) -> str:
    """Return ``mu`` for μ and ``Sigma`` for Σ."""
    *_, size, _, word = ["", "", "", *unicodedata.name(letter, "").split()[-3:]]
    return word.capitalize() if size == "CAPITAL" else word.lower()


def _bits(value: Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def names_in(node: Node) -> tuple[tuple[str, Place, bool], ...]:
    """Return the names of symbols with their places, and whether an index stands behind them."""
    match node:
        case Name(place, name):
            return ((name, place, False),)
        case Member(place, name, index):
            return ((name, place, True), *names_in(index))
        case Negative(_, arg):
            return names_in(arg)
        case Binary(_, _, left, right):
            return (*names_in(left), *names_in(right))
        case Call(_, _, arguments):
            return tuple(found for argument in arguments for found in names_in(argument))
    return ()
