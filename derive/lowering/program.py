"""A program: named outputs, each computed by a node and stated by a numbered equation of the derivation."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from derive.lowering.node import Input, Node


@dataclass(frozen=True)
class Output:
    """A named result: the node that computes it and the number of the equation that states it."""

    name: str
    node: Node
    number: int


@dataclass(frozen=True)
class Program:
    """An immutable array program. name: the function that it becomes."""

    name: str
    outputs: tuple[Output, ...]

    def nodes(self) -> Iterator[Node]:
        """All distinct nodes, what is computed first before what needs it."""
        seen: set[Node] = set()
        for output in self.outputs:
            yield from _below(output.node, seen)

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The arrays that must be given, in order of use."""
        return tuple(node for node in self.nodes() if isinstance(node, Input))

    def transformed(self, change: Callable[[Node], Node]) -> "Program":
        """Return the program with every output's node changed."""
        return replace(self, outputs=tuple(replace(out, node=change(out.node)) for out in self.outputs))


def _below(node: Node, seen: set[Node]) -> Iterator[Node]:
    if node in seen:
        return
    seen.add(node)
    for child in node.children:
        yield from _below(child, seen)
    yield node


def bottom_up(node: Node, change: Callable[[Node], Node], done: dict[Node, Node] | None = None) -> Node:
    """Change every node, the children first; equal nodes are changed once. What a node means is kept."""
    done = {} if done is None else done
    if node not in done:
        rebuilt = node.rebuild(tuple(bottom_up(child, change, done) for child in node.children))
        changed = change(rebuilt)
        done[node] = changed if changed.meaning is not None else changed.means(node.meaning)
    return done[node]
