"""Halve: a weighted sum of outer products v v' is a product of sqrt(w) v with itself, of which one half is computed.

NumPy hands A'A to a routine for symmetric results (a rank-k update), which takes half as long as a product.
"""

from fractions import Fraction

from derive.lowering.axis import Axis, Rank
from derive.lowering.build import mul, power, rename
from derive.lowering.node import Input, Node
from derive.lowering.operations import Contract, Mul, Power
from derive.lowering.program import Program, bottom_up

NONNEGATIVE = frozenset({"simplex", "positive", "probability"})


def halve(program: Program) -> Program:
    """Return the program with every such sum as a product of one array with itself."""
    done: dict[Node, Node] = {}
    return program.transformed(lambda node: bottom_up(node, _halved, done))


def _halved(node: Node) -> Node:
    if not isinstance(node, Contract) or len(node.args) != 2 or not _over_samples(node):
        return node
    for first, second in (node.args, node.args[::-1]):
        if isinstance(first, Mul) and len(first.args) == 2:
            for weight, vector in (first.args, first.args[::-1]):
                names = _names(vector, second)
                if names and _is_nonnegative(weight) and not set(weight.axes) & set(names):
                    root = mul(power(weight, Fraction(1, 2)), vector)
                    return Contract((root, rename(root, names)), node.over, meaning=node.meaning)
    return node


def _over_samples(node: Contract) -> bool:
    ranks = {axis.rank for axis in node.over}
    return Rank.SAMPLES in ranks and ranks <= {Rank.SAMPLES, Rank.COMPONENTS}


def _names(vector: Node, other: Node) -> dict[Axis, Axis] | None:
    """Return which coordinate of the other is which of the vector, where they are the same array; None otherwise."""
    if len(vector.axes) != len(other.axes):
        return None
    names = {a: b for a, b in zip(vector.axes, other.axes, strict=True) if a != b}
    if len(names) != 1 or not all(a.rank is b.rank is Rank.COORDINATE for a, b in names.items()):
        return None
    return names if rename(vector, names) == other else None


def _is_nonnegative(weight: Node) -> bool:
    if isinstance(weight, Mul | Power):
        return all(map(_is_nonnegative, weight.args))
    return isinstance(weight, Input) and weight.kind in NONNEGATIVE
