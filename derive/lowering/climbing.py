# ruff: noqa: D102 - `axes` of a node is described once, in the base of all nodes
"""Program nodes for a maximum in several unknowns: what is climbed, its slopes, its Hessian, and one unknown of it."""

from dataclasses import dataclass
from functools import cached_property

from derive.lowering.axis import Axis
from derive.lowering.locating import Unknown
from derive.lowering.node import Node


@dataclass(frozen=True, eq=False)
class Climb(Node):
    """The point where ``value`` is largest, by Newton's method, for each position along ``batch``.

    unknowns: one for each coordinate of the point, without axes but ``batch``; or a single one with a further axis, its
    coordinates. slopes: in each unknown. hessian: all entries row by row; or the diagonal and the rest, which carries
    the axes ``entry`` and ``other``.
    """

    unknowns: tuple[Unknown, ...]
    value: Node
    slopes: tuple[Node, ...]
    hessian: tuple[Node, ...]
    batch: tuple[Axis, ...]
    entry: Axis
    other: Axis | None

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return (*self.batch, self.entry)


@dataclass(frozen=True, eq=False)
class Coordinate(Node):
    """One unknown of a point."""

    arg: Climb
    place: int

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return self.arg.batch
