"""What a text says, before it is known what its names stand for."""

from dataclasses import dataclass
from fractions import Fraction

from derive.errors import InputError


@dataclass(frozen=True)
class Place:
    """A place in a text: ``start`` counts characters from 0."""

    text: str
    start: int
    end: int

    def error(self, message: str) -> InputError:
        """Return the error that points at this place."""
        here = self.text[self.start : self.end]
        where = f"at {here!r}, character {self.start + 1}" if here else "at its end"
        return InputError(f"{self.text!r}, {where}: {message}")


@dataclass(frozen=True)
class Node:
    """The base of all parts of a text."""

    place: Place


@dataclass(frozen=True)
class Numeral(Node):
    """A number, exact: 0.1 is one tenth."""

    value: Fraction


@dataclass(frozen=True)
class Name(Node):
    """A symbol without an index."""

    name: str


@dataclass(frozen=True)
class Member(Node):
    """A symbol at an index: mu[k], or mu[2] for one member."""

    name: str
    index: "Node"


@dataclass(frozen=True)
class Call(Node):
    """A function of arguments."""

    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True)
class Negative(Node):
    """The negative of a term."""

    arg: "Node"


@dataclass(frozen=True)
class Binary(Node):
    """Two parts and one of + - * / ^ between them."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Statement:
    """left; left = right; or left ~ right. more: further names before ~, after a comma."""

    place: Place
    left: Node
    relation: str = ""
    right: Node | None = None
    more: tuple[Node, ...] = ()
