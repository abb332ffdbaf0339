"""What a text says, before it is known what its names stand for."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from derive.errors import NEW_LINE, InputError, ModelError

SHOWN = 90  # characters of a text that stand above a caret


@dataclass(frozen=True)
class Place:
    """A place in a text: ``start`` counts characters from 0."""

    text: str
    start: int
    end: int

    def error(self, message: str) -> InputError:
        """Return the error that points at this place: below the message stands the text, and below that a caret."""
        here = self.text[self.start : self.end]
        where = f"at {here!r}, character {self.start + 1}" if here else "at its end"
        return InputError(f"{where}: {message}{self.pointer()}")

    def pointer(self) -> str:
        """Return two more lines for a message: the text, or what of a long one is near, and a caret below the place."""
        first = max(0, min(self.start - SHOWN // 2, len(self.text) - SHOWN))
        shown = "".join(char if char.isprintable() else " " for char in self.text[first : first + SHOWN])
        length = min(self.end, first + SHOWN) - self.start
        return f"{NEW_LINE}{shown}{NEW_LINE}{' ' * (self.start - first)}^{'~' * (length - 1)}"


@contextlib.contextmanager
def pointing(place: Place) -> Iterator[None]:
    """Let what a model says against a value point at the place in the text that gives it."""
    try:
        yield
    except ModelError as error:
        raise ModelError(f"{error}{'' if NEW_LINE in str(error) else place.pointer()}") from None


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
