"""Ratios: weighted sums of exponentials whose ratio or logarithm is taken are shifted by the largest exponent.

sum_n a_n exp(e_n) / sum_n b_n exp(e_n) is the same when m = max_n e_n is subtracted from every e_n, and the logarithm
of such a sum is m more; without it, all exponentials may vanish or overflow. x^p with p unknown is exp(p log x).
"""

from dataclasses import replace
from fractions import Fraction

from derive.lowering.axis import Axis
from derive.lowering.build import add, mul, number, power
from derive.lowering.locating import Gather
from derive.lowering.node import Input, Node
from derive.lowering.operations import Add, Contract, Exp, Log, Max, Mul, Power
from derive.lowering.program import Program, bottom_up
from derive.lowering.special import Special


def shift_ratios(program: Program) -> Program:
    """Return the program with every such ratio and logarithm shifted."""
    done: dict[Node, Node] = {}
    return program.transformed(lambda node: bottom_up(node, _shifted, done))


def _shifted(node: Node) -> Node:
    if isinstance(node, Mul):
        for shift, degree in _degrees(node.args).items():
            if degree == 0:
                return _shifted(mul(*(_each(factor, shift) for factor in node.args)))
    if isinstance(node, Log):
        argument = node.args[0]
        factors = argument.args if isinstance(argument, Mul) else (argument,)
        for shift, degree in _degrees(factors).items():
            if degree:
                inside = Log((mul(*(_each(factor, shift) for factor in factors)),))
                return add(mul(number(degree), Max(*shift)), inside)
    return node


Shift = tuple[Node, Axis]  # the exponent, and the axis that is summed over


def _degrees(factors: tuple[Node, ...]) -> dict[Shift, Fraction]:
    """How often each exponential sum stands in a product: above the line less below it."""
    degrees: dict[Shift, Fraction] = {}
    for factor in factors:
        base, degree = (factor.args[0], factor.exponent) if isinstance(factor, Power) else (factor, Fraction(1))
        shift = _shift(base)
        if shift is not None:
            degrees[shift] = degrees.get(shift, Fraction(0)) + degree
    return degrees


def _shift(node: Node) -> Shift | None:
    """The exponent of the exponential in a weighted sum of such; a responsibility in front is part of it.

    So the largest term counts, not the largest exponent, which may be that of a point with no part in the component.
    """
    if not isinstance(node, Contract) or len(node.over) != 1 or len(node.args) < 2:
        return None
    found = [exponent for arg in node.args if (exponent := _exponent(arg)) is not None]
    if len(found) != 1 or node.over[0] not in found[0].axes or _is_shifted(found[0], node.over[0]):
        return None
    weights = [_logarithm(arg) for arg in node.args if _is_responsibility(arg)]
    return add(*weights, *found), node.over[0]


def _is_shifted(exponent: Node, axis: Axis) -> bool:
    return isinstance(exponent, Add) and exponent.args[1:] == (mul(number(-1), Max(exponent.args[0], axis)),)


def _exponent(node: Node) -> Node | None:
    if isinstance(node, Exp):
        return node.args[0]
    if isinstance(node, Special) and node.name == "power":
        base, exponent = node.args
        return mul(exponent, _logarithm(base))
    return None


def _logarithm(node: Node) -> Node:
    """The logarithm; of what an equation takes from outside, it is taken there, once."""
    return replace(node, arg=Log((node.arg,))) if isinstance(node, Gather) else Log((node,))


def _is_responsibility(node: Node) -> bool:
    node = node.arg if isinstance(node, Gather) else node
    return isinstance(node, Input) and node.source == "responsibilities"


def _each(factor: Node, shift: Shift) -> Node:
    """A factor with its sum of exponentials shifted, if it holds this one."""
    base = factor.args[0] if isinstance(factor, Power) else factor
    if not isinstance(base, Contract) or _shift(base) != shift:
        return factor
    exponent, axis = shift
    smaller = Exp((Add((exponent, mul(number(-1), Max(exponent, axis)))),))  # one exponent, not its terms again
    rest = tuple(arg for arg in base.args if _exponent(arg) is None and not _is_responsibility(arg))
    changed = Contract((*rest, smaller), base.over, meaning=None)
    return power(changed, factor.exponent) if isinstance(factor, Power) else changed
