"""Stabilise: exponentials are taken after subtracting the largest exponent, so that none overflows and one is exact.

log sum_k exp(a_k) = m + log sum_k exp(a_k - m) and exp(a_k) / sum_j exp(a_j) = exp(a_k - m) / sum_j exp(a_j - m),
with m = max_k a_k: both take the same exponentials.
"""

from fractions import Fraction

from derive.lowering.axis import Axis
from derive.lowering.build import add, mul, number, power
from derive.lowering.node import Node
from derive.lowering.operations import Contract, Exp, Log, Max, Mul, Power
from derive.lowering.program import Program, bottom_up


def stabilise(program: Program) -> Program:
    """Return the program with every sum of exponentials shifted."""
    done: dict[Node, Node] = {}
    return program.transformed(lambda node: bottom_up(node, _stable, done))


def _stable(node: Node) -> Node:
    if isinstance(node, Log):
        found = _exponentials(node.args[0])
        if found is not None:
            exponent, axis = found
            return add(Max(exponent, axis), Log((_shifted_sum(exponent, axis),)))
    if isinstance(node, Mul):
        for factor in node.args:
            found = _exponentials(factor.args[0]) if isinstance(factor, Power) and factor.exponent == -1 else None
            if found is not None and Exp((found[0],)) in node.args:
                return _stable_ratio(node, factor, *found)
    return node


def _exponentials(node: Node) -> tuple[Node, Axis] | None:
    """Return exponent and axis where the node is a sum of exponentials."""
    if isinstance(node, Contract) and len(node.args) == len(node.over) == 1 and isinstance(node.args[0], Exp):
        return node.args[0].args[0], node.over[0]
    return None


def _shifted(exponent: Node, axis: Axis) -> Node:
    return Exp((add(exponent, mul(number(-1), Max(exponent, axis))),))


def _shifted_sum(exponent: Node, axis: Axis) -> Node:
    return Contract((_shifted(exponent, axis),), (axis,))


def _stable_ratio(node: Mul, divisor: Node, exponent: Node, axis: Axis) -> Node:
    others = [factor for factor in node.args if factor not in (divisor, Exp((exponent,)))]
    total = power(_shifted_sum(exponent, axis), Fraction(-1))
    return mul(*others, _shifted(exponent, axis), total)
