# ruff: noqa: D102 - `axes` and `bound` of a node are described once, in the base of all nodes
"""Program nodes that pick one of the values along an axis by their weights, and what they mean."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.lowering.axis import Axis, ordered
from derive.lowering.node import Node

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Pick(Node):
    """One of the values along an axis; values and weights are broadcast against each other."""

    value: Node
    weight: Node
    axis: Axis

    @property
    def bound(self) -> frozenset[Axis]:
        return frozenset((self.axis,))

    def along(self, axis: Axis, children: tuple[Node, ...]) -> Node:
        """Return the same of other nodes, along an axis that may have another name."""
        return replace(self.rebuild(children), axis=axis)  # type: ignore[call-arg]

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return tuple(axis for axis in ordered((*self.value.axes, *self.weight.axes)) if axis != self.axis)


@dataclass(frozen=True, eq=False)
class Extreme(Pick):
    """The largest (or smallest) value whose weight is positive."""

    largest: bool


@dataclass(frozen=True, eq=False)
class Quantile(Pick):
    """The smallest value up to which the share of all weight is at least the level, which lacks the axis."""

    level: Node


def extreme(values: Array, weights: Array, *, largest: bool) -> Array:
    """Return the largest or smallest value with weight along the first axis."""
    empty = -np.inf if largest else np.inf
    held = np.where(weights > 0, values, empty)
    return np.asarray(held.max(axis=0) if largest else held.min(axis=0))


def quantile(values: Array, weights: Array, level: Array) -> Array:
    """Return the weighted quantile along the first axis, for each value by the weight of all that do not exceed it."""
    values, weights = np.broadcast_arrays(values, weights)
    below = (weights[np.newaxis] * (values[np.newaxis] <= values[:, np.newaxis])).sum(axis=1)
    enough = (below >= level * weights.sum(axis=0)) & (weights > 0)
    return np.asarray(np.where(enough, values, np.inf).min(axis=0))
