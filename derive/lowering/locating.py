# ruff: noqa: D102 - `axes` of a node is described once, in the base of all nodes
"""Program nodes for a root that is found numerically: the unknown, what is known around it, and the root itself.

The equation is one for each entry of the unknown. Inside it all entries lie along one axis, ``into``, so that a root
finder may look at any of them: what is known and has an entry for each is gathered at their positions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from derive.errors import LoweringError
from derive.lowering import build
from derive.lowering.axis import Axis, Rank, ordered
from derive.lowering.node import Node, Number, Pi, SizeOf
from derive.lowering.operations import Add, Mul, Rename


@dataclass(frozen=True, eq=False)
class Unknown(Node):
    """What is looked for. name: that of the parameter in code. dims: of its entries; inside of a root, one axis."""

    name: str
    dims: tuple[Axis, ...]

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return self.dims


@dataclass(frozen=True, eq=False)
class Gather(Node):
    """A value from outside of the equation, at the positions of the unknown's entries: ``places`` become ``into``."""

    arg: Node
    places: tuple[Axis, ...]
    into: Axis

    @property
    def bound(self) -> frozenset[Axis]:
        return frozenset(self.places)

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        rest = [axis for axis in self.arg.axes if axis not in self.places]
        return ordered([*rest, self.into] if self.places else rest)


@dataclass(frozen=True, eq=False)
class Locate(Node):
    """The root of ``slope``, which falls in the unknown, in the interval (lower, upper); None where there is no end."""

    unknown: Unknown
    slope: Node
    dims: tuple[Axis, ...]
    lower: int | None
    upper: int | None

    @property
    def ends(self) -> dict[str, int]:
        """The ends of the interval that are finite, by name."""
        return {name: end for name, end in (("lower", self.lower), ("upper", self.upper)) if end is not None}

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return self.dims


def locate(
    unknown: Node, slope: Node, name: str, dims: tuple[Axis, ...], ends: tuple[int | None, int | None]
) -> Locate:
    """Return the node that finds the root of ``slope`` in ``unknown``, a stand-in with the axes ``dims``."""
    into = dims[0] if len(dims) == 1 else Axis(Rank.PLATE, "entries", "_".join(["entries", *(a.size for a in dims)]))
    entries = Unknown(name, (into,))
    inside = Inside({unknown: entries}, dims, into)
    return Locate(entries, inside.moved(slope), dims, *ends)


def gathers(node: Node) -> list[Gather]:
    """Return what an equation takes from outside."""
    if isinstance(node, Gather):
        return [node]
    return [found for child in node.children for found in gathers(child)]


@dataclass(frozen=True)
class Inside:
    """Moves an equation inside: stand-ins become the unknowns, what does not depend on them is gathered."""

    unknowns: Mapping[Node, Unknown]
    dims: tuple[Axis, ...]
    into: Axis

    def moved(self, node: Node) -> Node:
        """Return the node as it stands inside of the equation."""
        if node in self.unknowns:
            return self.unknowns[node]
        if isinstance(node, Number | Pi | SizeOf):
            return node
        if not self._depends(node):
            return Gather(node, tuple(axis for axis in self.dims if axis in node.axes), self.into, meaning=node.meaning)
        if isinstance(node, Rename):
            raise LoweringError("an equation that is solved numerically mixes entries of its unknown")
        if isinstance(node, Add | Mul):
            node = self._grouped(node)
        return replace(node.rebuild(tuple(map(self.moved, node.children))), meaning=None)

    def _grouped(self, node: Add | Mul) -> Node:
        """Combine the terms or factors that do not depend on the unknown: they are computed once, outside."""
        free = [arg for arg in node.args if not self._depends(arg) and not isinstance(arg, Number)]
        if len(free) < 2:
            return node
        combine = build.add if isinstance(node, Add) else build.mul
        return type(node)((combine(*free), *(arg for arg in node.args if arg not in free)))

    def _depends(self, node: Node) -> bool:
        return node in self.unknowns or any(map(self._depends, node.children))
