# ruff: noqa: D102 - `axes` of a node is described once, in the base of all nodes
"""The base of all program nodes, and the nodes that stand for values from outside."""

from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from functools import cached_property
from hashlib import blake2b
from itertools import chain
from typing import Self

from derive.language.expr import Expr
from derive.lowering.axis import Axis

LONGEST_KEY = 4000


@dataclass(frozen=True, eq=False, kw_only=True)
class Node:
    """A value with named axes. Equal structure means equal; what it means does not count.

    meaning: the expression that it computes, or words for what a pass introduced.
    """

    meaning: Expr | str | None = field(default=None, repr=False)

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """The axes of the array, in order."""
        return ()

    @property
    def bound(self) -> frozenset[Axis]:
        """Axes that this node sums over, maximises over, or loops over."""
        return frozenset()

    @cached_property
    def children(self) -> tuple["Node", ...]:
        """The nodes that this one is computed from."""
        parts = chain.from_iterable(part if isinstance(part, tuple) else (part,) for part in self._parts)
        return tuple(part for part in parts if isinstance(part, Node))

    @cached_property
    def key(self) -> str:
        """A text that names the structure uniquely: a digest where it is long, since shared parts would be repeated."""
        name = type(self).__name__
        text = "; ".join(map(_key, self._parts))
        return f"{name}({text})" if len(text) < LONGEST_KEY else f"{name}#{blake2b(text.encode()).hexdigest()[:32]}"

    @property
    def _parts(self) -> list[object]:
        return [getattr(self, part.name) for part in fields(self) if part.name != "meaning"]

    def rebuild(self, children: tuple["Node", ...]) -> "Node":
        """Return this node computed from other children."""
        if all(old is new for old, new in zip(self.children, children, strict=True)):
            return self
        given, changes = list(children), {}
        for part in fields(self):
            value = getattr(self, part.name)
            if isinstance(value, Node):
                changes[part.name] = given.pop(0)
            elif isinstance(value, tuple) and value and isinstance(value[0], Node):
                changes[part.name] = tuple(given.pop(0) for _ in value)  # type: ignore[assignment]
        return replace(self, **changes)  # type: ignore[arg-type]

    def means(self, meaning: Expr | str | None) -> Self:
        """Return the same node, said to compute this."""
        return self if meaning is None else replace(self, meaning=meaning)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def _key(part: object) -> str:
    if isinstance(part, Node):
        return part.key
    if isinstance(part, tuple):
        return "[" + ", ".join(map(_key, part)) + "]"
    return str(part)


@dataclass(frozen=True, eq=False)
class Input(Node):
    """An array that is given. kind: what its values are, so that tests can draw them; source: where it comes from.

    kind: "real", "positive", "probability" (between zero and one), "simplex" (sums to one over the last axis) or
    "definite" (last two axes).
    source: "data", "parameter", "previous", "known", "responsibilities", "log joint" or "statistics".
    """

    name: str
    dims: tuple[Axis, ...]
    kind: str
    source: str

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return self.dims


@dataclass(frozen=True, eq=False)
class Number(Node):
    """A rational constant."""

    value: Fraction


@dataclass(frozen=True, eq=False)
class Pi(Node):
    """The number pi."""


@dataclass(frozen=True, eq=False)
class SizeOf(Node):
    """A size, such as N, as a number."""

    size: str


@dataclass(frozen=True, eq=False)
class Ones(Node):
    """An array of ones."""

    dims: tuple[Axis, ...]

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return self.dims


@dataclass(frozen=True, eq=False)
class Ordinals(Node):
    """The numbers 1, 2, ... along an axis."""

    axis: Axis

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return (self.axis,)


@dataclass(frozen=True, eq=False)
class Given(Node):
    """Constants along an axis, its first entries; ``rest`` for all that follow."""

    first: tuple[Fraction, ...]
    rest: Fraction
    axis: Axis

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return (self.axis,)


@dataclass(frozen=True, eq=False)
class Eye(Node):
    """The identity matrix."""

    row: Axis
    col: Axis

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return (self.row, self.col)
