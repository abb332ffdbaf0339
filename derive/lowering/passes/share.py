"""Share: terms that are equal but for the letters of their axes become one node, under the usual letters."""

from derive.lowering.build import rename
from derive.lowering.node import Node
from derive.lowering.operations import Rename
from derive.lowering.program import Program
from derive.lowering.relabel import relabelled, usual_names


def share(program: Program) -> Program:
    """Return the program with common terms computed once."""
    done: dict[Node, Node] = {}
    return program.transformed(lambda node: _shared(relabelled(node, {}), done).means(node.meaning))


def _shared(node: Node, done: dict[Node, Node]) -> Node:
    if node not in done:
        done[node] = _named(node, done)
    return done[node]


def _named(node: Node, done: dict[Node, Node]) -> Node:
    if not node.children or isinstance(node, Rename):
        return node.rebuild(tuple(_shared(child, done) for child in node.children))
    names = usual_names(node.axes)
    if all(axis == name for axis, name in names.items()):
        return node.rebuild(tuple(_shared(child, done) for child in node.children))
    back = {name: axis for axis, name in names.items()}
    return rename(_shared(relabelled(node, names), done), back)
