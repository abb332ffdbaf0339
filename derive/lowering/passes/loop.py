"""Loop: what would be an array over samples, components and coordinates is computed a component at a time.

What does not depend on the component stays outside of the loop. The equation of a root stays as it is: it is a function
of the unknown at any of its positions, not a statement of a loop.
"""

from dataclasses import dataclass, field, replace

from derive.lowering.axis import Axis, Rank
from derive.lowering.build import mul
from derive.lowering.climbing import Climb
from derive.lowering.locating import Gather, Locate
from derive.lowering.node import Node, Number
from derive.lowering.operations import Accumulate, Contract, Mul, Rename, Select, Stack
from derive.lowering.program import Program


def loop(program: Program) -> Program:
    """Return the program with loops over components where arrays would have three axes or more."""
    looping = _Looping()
    return program.transformed(looping)


@dataclass
class _Looping:
    done: dict[Node, Node] = field(default_factory=dict)
    inside: dict[tuple[Node, Axis], Node] = field(default_factory=dict)
    searched: dict[Node, Node] = field(default_factory=dict)

    def __call__(self, node: Node) -> Node:
        """Return the node with a loop at every place where a large array would be reduced."""
        if node not in self.done:
            self.done[node] = self._looped(node).means(node.meaning)
        return self.done[node]

    def _looped(self, node: Node) -> Node:
        if isinstance(node, Locate | Climb):
            return node.rebuild(tuple(map(self._in_search, node.children)))
        large = next((child for child in node.children if is_large(child)), None)
        if large is None or is_large(node):
            return node.rebuild(tuple(map(self, node.children)))
        axis = next(axis for axis in large.axes if axis.rank is Rank.COMPONENTS)
        if axis in node.axes:
            return Stack(self.at(node, axis), axis)
        if isinstance(node, Contract) and axis in node.over:
            return Accumulate(self.at(_without(node, axis), axis), axis)
        return node.rebuild(tuple(map(self, node.children)))

    def _in_search(self, node: Node) -> Node:
        """Return a part of an equation, with loops only in what is computed before the search."""
        if isinstance(node, Gather):
            return self(node)
        if node not in self.searched:
            rebuilt = node.rebuild(tuple(map(self._in_search, node.children)))
            self.searched[node] = rebuilt.means(node.meaning)
        return self.searched[node]

    def at(self, node: Node, axis: Axis) -> Node:
        """Return the node's value at one position of the loop over the axis."""
        if (node, axis) not in self.inside:
            children = tuple(self._child(child, axis) for child in node.children)
            self.inside[node, axis] = _rebuilt(node, children, axis).means(node.meaning)
        return self.inside[node, axis]

    def _child(self, child: Node, axis: Axis) -> Node:
        if axis not in child.axes:
            return self(child)
        if is_large(child):
            return self.at(child, axis)
        if isinstance(child, Mul) and len(child.args) == 2 and isinstance(child.args[0], Number):
            return mul(child.args[0], self._child(child.args[1], axis))  # -x at k is written -(x at k)
        return Select(self(child), axis, meaning=child.meaning)


def is_large(node: Node) -> bool:
    """Whether an array has samples, components and a coordinate."""
    ranks = {axis.rank for axis in node.axes}
    return {Rank.SAMPLES, Rank.COMPONENTS} <= ranks and bool(ranks & {Rank.PLATE, Rank.COORDINATE})


def _without(node: Contract, axis: Axis) -> Contract:
    return replace(node, over=tuple(a for a in node.over if a != axis))


def _rebuilt(node: Node, children: tuple[Node, ...], axis: Axis) -> Node:
    if isinstance(node, Rename):
        return replace(node, arg=children[0], names=tuple(name for name in node.names if name != axis))
    if isinstance(node, Contract) and not node.over:
        return mul(*children)
    return node.rebuild(children)
