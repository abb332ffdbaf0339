"""Contract: sums of products become sums of at most two factors, which are matrix products.

Sums over plates that are nested become one sum; equal factors become squares; of three factors the two whose product
has the fewest axes are multiplied first.
"""

from itertools import combinations

from derive.lowering.axis import Axis, Rank, ordered
from derive.lowering.build import contract as build_contract
from derive.lowering.build import mul
from derive.lowering.node import Node
from derive.lowering.operations import Contract, Mul
from derive.lowering.program import Program, bottom_up
from derive.lowering.relabel import relabelled


def contract(program: Program) -> Program:
    """Return the program with every contraction planned."""
    done: dict[Node, Node] = {}
    return program.transformed(lambda node: bottom_up(node, _planned, done))


def _planned(node: Node) -> Node:
    if not isinstance(node, Contract):
        return node
    factors, over = _merged(node)
    whole = build_contract(factors, over)
    if isinstance(whole, Mul):  # what does not depend on the axes went in front
        return mul(*(_plan(part) if isinstance(part, Contract) else part for part in whole.args))
    return _plan(whole) if isinstance(whole, Contract) else whole


def _merged(node: Contract) -> tuple[list[Node], list[Axis]]:
    """Factors and axes of a contraction and of the sums over plates directly inside it."""
    factors: list[Node] = []
    over = list(node.over)
    for arg in node.args:
        if isinstance(arg, Contract) and all(axis.rank is not Rank.COORDINATE for axis in arg.over):
            taken = [axis for other in node.args for axis in other.axes] + over
            names = {axis: axis.fresh(taken) if axis in taken else axis for axis in arg.over}
            factors += [relabelled(inner, names) if set(names) != set(names.values()) else inner for inner in arg.args]
            over += names.values()
        else:
            factors.append(arg)
    return factors, over


def _plan(node: Contract) -> Node:
    factors, left = _squared(list(node.args)), set(node.over)
    while left:
        axis = min(left, key=lambda a: (_cost(factors, a), a))
        touching = [factor for factor in factors if axis in factor.axes]
        rest = [factor for factor in factors if axis not in factor.axes]
        while len(touching) > 2:
            first, second = min(combinations(touching, 2), key=_size)
            touching = [Mul((first, second)), *(f for f in touching if f not in (first, second))]
        elsewhere = {a for factor in rest for a in factor.axes}
        summed = tuple(sorted(a for a in left if a not in elsewhere and any(a in f.axes for f in touching)))
        factors = [Contract(tuple(touching), summed), *rest]
        left -= set(summed)
    return mul(*factors).means(node.meaning)


def _squared(factors: list[Node]) -> list[Node]:
    """Merge equal factors to powers."""
    product = mul(*factors)
    return list(product.args) if isinstance(product, Mul) else [product]


def _size(pair: tuple[Node, ...]) -> int:
    return len(ordered(axis for factor in pair for axis in factor.axes))


def _cost(factors: list[Node], axis: Axis) -> tuple[bool, int, int]:
    """What to sum over first: not what leaves a matrix for each sample, then what touches the fewest factors."""
    touching = [factor for factor in factors if axis in factor.axes]
    left = {other for factor in touching for other in factor.axes} - {axis}
    matrices = len(left) > 2 and any(other.rank is Rank.SAMPLES for other in left)
    return matrices, len(touching), _size(tuple(touching))
