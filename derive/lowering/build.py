"""Smart constructors of program nodes: constants folded, ones dropped, equal factors made powers."""

from collections.abc import Iterable
from fractions import Fraction

from derive.lowering.axis import Axis
from derive.lowering.node import Node, Number, SizeOf
from derive.lowering.operations import Add, Contract, Mul, Power, Rename

ONE = Number(Fraction(1))


def number(value: Fraction | int) -> Number:
    """Return a constant."""
    return Number(Fraction(value))


def add(*terms: Node) -> Node:
    """Return the sum of terms."""
    flat = [part for term in terms for part in (term.args if type(term) is Add else (term,))]
    constant = sum((term.value for term in flat if isinstance(term, Number)), Fraction(0))
    kept: list[Node] = [term for term in flat if not isinstance(term, Number)]
    if constant or not kept:
        kept.append(number(constant))
    return kept[0] if len(kept) == 1 else Add(tuple(kept))


def mul(*factors: Node) -> Node:
    """Return the product of factors; powers of one base are merged."""
    flat = [part for factor in factors for part in (factor.args if type(factor) is Mul else (factor,))]
    coefficient = Fraction(1)
    exponents: dict[Node, Fraction] = {}
    for factor in flat:
        if isinstance(factor, Number):
            coefficient *= factor.value
            continue
        base, exponent = (factor.args[0], factor.exponent) if isinstance(factor, Power) else (factor, Fraction(1))
        exponents[base] = exponents.get(base, Fraction(0)) + exponent
    if coefficient == 0:
        return number(0)
    parts: list[Node] = [number(coefficient)] if coefficient != 1 else []
    parts += [power(base, exponent) for base, exponent in exponents.items() if exponent]
    if not parts:
        return ONE
    return parts[0] if len(parts) == 1 else Mul(tuple(parts))


def power(base: Node, exponent: Fraction | int) -> Node:
    """Return a power."""
    exponent = Fraction(exponent)
    if exponent == 1:
        return base
    if isinstance(base, Number) and exponent.denominator == 1 and base.value:
        return number(base.value ** int(exponent))
    return Power((base,), exponent)


def contract(args: Iterable[Node], over: Iterable[Axis]) -> Node:
    """Return the sum over axes of a product; an axis that no factor has multiplies by its size."""
    factors = [part for arg in args for part in (arg.args if type(arg) is Mul else (arg,))]
    present = {axis for factor in factors for axis in factor.axes}
    axes = tuple(dict.fromkeys(over))
    sizes = [SizeOf(axis.size) for axis in axes if axis not in present]
    summed = tuple(axis for axis in axes if axis in present)
    inside = [factor for factor in factors if set(factor.axes) & set(summed)]
    outside = [factor for factor in factors if not set(factor.axes) & set(summed)]
    if not inside:
        return mul(*sizes, *outside)
    return mul(*sizes, *outside, Contract(tuple(inside), tuple(sorted(summed))))


def rename(node: Node, mapping: dict[Axis, Axis]) -> Node:
    """Return the node under other axis names."""
    names = tuple(mapping.get(axis, axis) for axis in node.axes)
    if names == node.axes:
        return node
    if isinstance(node, Rename):
        inner = dict(zip(node.names, (mapping.get(axis, axis) for axis in node.names), strict=True))
        return rename(node.arg, dict(zip(node.arg.axes, (inner[a] for a in node.names), strict=True)))
    return Rename(node, names, meaning=node.meaning)
