# ruff: noqa: D102 - `axes` and `bound` of a node are described once, in the base of all nodes
"""Sums of x log y in which x and y may be zero together: 0 log 0 = 0, the limit."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.lowering.axis import Axis, ordered
from derive.lowering.node import Input, Node, Number
from derive.lowering.operations import Add, Mul

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class SumOfLogs(Node):
    """Sum over axes of weights times log values, where 0 log 0 = 0. Both are nonnegative, and may be zero."""

    weights: Node
    values: Node
    over: tuple[Axis, ...]

    @property
    def bound(self) -> frozenset[Axis]:
        return frozenset(self.over)

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return tuple(axis for axis in ordered((*self.weights.axes, *self.values.axes)) if axis not in self.over)


def meaning(weights: Array, values: Array, summed: int) -> Array:
    """Return the value for arrays that broadcast against each other, the last axes of which are summed over."""
    safe = np.where(weights == 0, 1.0, values)
    product: Array = weights * np.log(safe)
    return np.asarray(product.sum(axis=tuple(range(product.ndim - summed, product.ndim))))


def complemented(node: Node) -> Input | None:
    """Return p where a node is 1 - p."""
    match node:
        case Add((Number(one), Mul((Number(minus), Input() as p)))) if one == 1 and minus == -1:
            return p
        case Add((Mul((Number(minus), Input() as p)), Number(one))) if one == 1 and minus == -1:
            return p
    return None
