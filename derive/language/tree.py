"""The shape of an expression tree: parts, children, structural equality, free indices. No arithmetic."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property, singledispatch
from itertools import chain
from typing import Any, ClassVar, Self, TypeVar, cast, dataclass_transform

from derive.language.index import Index

NodeT = TypeVar("NodeT", bound="Tree")
Members = frozenset[tuple[str, tuple[Index, ...] | None]]


class Tree:
    """A node; its dataclass fields are its parts, those that are nodes its children. Equal structure means equal."""

    joint: ClassVar[str] = ""  # between the children of an n-ary node, in its key

    @property
    def bound(self) -> frozenset[Index]:
        """Indices that this node binds."""
        return frozenset()

    @cached_property
    def parts(self) -> tuple[Any, ...]:
        """The values of the fields."""
        return tuple(getattr(self, field.name) for field in fields(self))  # type: ignore[arg-type]

    @cached_property
    def children(self) -> tuple[Self, ...]:
        """The parts that are nodes, in order."""
        parts = chain.from_iterable(part if isinstance(part, tuple) else (part,) for part in self.parts)
        return tuple(cast("Self", part) for part in parts if isinstance(part, Tree))

    @cached_property
    def key(self) -> str:
        """A text that names the structure uniquely: the basis of equality, hashing and sorting."""
        if self.joint:
            return f"({self.joint.join(child.key for child in self.children)})"
        parts = (part.key if isinstance(part, Tree) else str(part) for part in self.parts)
        return f"{type(self).__name__.lower()}({', '.join(parts)})"

    @cached_property
    def free(self) -> frozenset[Index]:
        """Plate indices that are not bound by a sum."""
        return frozenset(chain.from_iterable(child.free for child in self.children)) - self.bound

    @cached_property
    def ordered_free(self) -> tuple[Index, ...]:
        """The free indices in a fixed order."""
        return tuple(sorted(self.free))

    @cached_property
    def members(self) -> Members:
        """Families mentioned, with the free indices at which they are; None where an index is bound inside."""
        inside = chain.from_iterable(child.members for child in self.children)
        return frozenset((name, None if at is None or self.bound & set(at) else at) for name, at in inside)

    @cached_property
    def mentioned(self) -> frozenset[object]:
        """The families whose members stand in it: with the key, all that a formula means wherever it stands."""
        return frozenset(chain.from_iterable(child.mentioned for child in self.children))

    def contains(self, test: Callable[[Self], bool]) -> bool:
        """Whether any node of the tree passes the test."""
        return test(self) or any(child.contains(test) for child in self.children)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tree) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return self.key

    def __str__(self) -> str:
        return plain(self)


@singledispatch
def plain(node: Tree) -> str:
    """Return a node as short text for messages; each kind of node registers its own (see ``plain.py``)."""
    return node.key


@dataclass_transform(frozen_default=True, eq_default=False)
def node(cls: type[NodeT]) -> type[NodeT]:
    """Make a class a frozen node, compared by structure."""
    return dataclass(frozen=True, eq=False, repr=False)(cls)
