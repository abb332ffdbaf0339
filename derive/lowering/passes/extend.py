"""Extend: where data x and a parameter y may be zero together, x log y is taken at its limit 0.

A rate or a probability is estimated as zero where nothing of its kind was counted. Its log is minus infinity, and has
to cost nothing there: what cannot happen did not happen.
"""

from derive.language.expr import Expr
from derive.lowering.axis import Axis, Rank
from derive.lowering.build import add, mul
from derive.lowering.logs import SumOfLogs, complemented
from derive.lowering.node import Input, Node, Number
from derive.lowering.operations import Add, Contract, Log, Mul, Power
from derive.lowering.program import Program, bottom_up
from derive.proof.sign import sign

NONNEGATIVE = frozenset({"positive", "probability", "simplex"})


def extend(program: Program) -> Program:
    """Return the program with such products extended to zero."""
    done: dict[Node, Node] = {}
    return program.transformed(lambda node: bottom_up(node, _extended, done))


def _extended(node: Node) -> Node:
    if type(node) is Mul:
        return _product(node.args, ()) or node
    if isinstance(node, Contract):
        return _product(node.args, node.over) or node
    if type(node) is Add and any(type(arg) is Add for arg in node.args):
        return add(*node.args)  # what stood in brackets for a common factor
    return node


def _product(factors: tuple[Node, ...], over: tuple[Axis, ...]) -> Node | None:
    """Return the sum over axes of a product of data and a log, extended; None where it is no such product."""
    for at, factor in enumerate(factors):
        rest = (*factors[:at], *factors[at + 1 :])
        if isinstance(factor, Log) and _may_be_zero(factor.args[0]):
            return _with_weights(rest, factor.args[0], over)
        if isinstance(factor, Add) and not over:
            parts = [_product((*rest, term), over) for term in factor.args]
            if any(part is not None for part in parts):
                pairs = zip(factor.args, parts, strict=True)
                return add(*(mul(*rest, term) if part is None else part for term, part in pairs))
    return None


def _with_weights(rest: tuple[Node, ...], values: Node, over: tuple[Axis, ...]) -> Node | None:
    numbers = [factor for factor in rest if isinstance(factor, Number)]
    weights = mul(*(factor for factor in rest if not isinstance(factor, Number)))
    left, right = ([axis for axis in node.axes if axis not in over] for node in (weights, values))
    samples = [axis.rank for axis in left] == [Rank.SAMPLES]
    components = [axis.rank for axis in right] == [Rank.COMPONENTS]
    both = all(axis in weights.axes and axis in values.axes for axis in over)
    if not (samples and components and both and len(over) <= 1 and _holds_data(weights) and _is_nonnegative(weights)):
        return None
    return mul(*numbers, SumOfLogs(weights, values, over))


def _may_be_zero(values: Node) -> bool:
    parameter = complemented(values) or values
    return isinstance(parameter, Input) and parameter.source == "parameter" and parameter.kind in NONNEGATIVE


def _holds_data(node: Node) -> bool:
    return (isinstance(node, Input) and node.source == "data") or any(map(_holds_data, node.children))


def _is_nonnegative(node: Node) -> bool:
    match node:
        case Input(_, _, kind):
            return kind in NONNEGATIVE
        case Mul(args):
            return all(map(_is_nonnegative, args))
        case Power((base,), _):
            return _is_nonnegative(base)
    if isinstance(node.meaning, Expr):
        proved = sign(node.meaning)
        return proved is not None and proved.sign > 0
    return False
