"""Separate: sums and logs of what depends on samples and components together become products of smaller arrays.

sum_d (x_nd a_kd + b_kd) = sum_d x_nd a_kd + sum_d b_kd, whose parts are a matrix product and a sum over fewer entries;
log(e_n r_k) = log e_n + log r_k for positive factors, with a log for each sample and each component, not each pair.
"""

from derive.lowering.build import add, contract, mul, number
from derive.lowering.node import Input, Node
from derive.lowering.operations import Add, Contract, Log, Mul, Power
from derive.lowering.passes.loop import is_large
from derive.lowering.program import Program, bottom_up

POSITIVE = frozenset({"positive", "probability", "simplex"})


def separate(program: Program) -> Program:
    """Return the program with such sums and logs taken apart."""
    done: dict[Node, Node] = {}
    return program.transformed(lambda node: bottom_up(node, _separated, done))


def _separated(node: Node) -> Node:
    if isinstance(node, Log):
        return _log_of_product(node)
    if isinstance(node, Contract):
        return _sum_of_terms(node)
    return node


def _log_of_product(node: Log) -> Node:
    (product,) = node.args
    if not isinstance(product, Mul) or not all(map(_is_positive, product.args)):
        return node
    if any(set(factor.axes) == set(product.axes) for factor in product.args):
        return node
    logs = (_log(factor).means("the log of a factor") for factor in product.args)
    return add(*logs)


def _log(factor: Node) -> Node:
    if isinstance(factor, Power):
        return mul(number(factor.exponent), Log(factor.args))
    return Log((factor,))


def _is_positive(factor: Node) -> bool:
    base = factor.args[0] if isinstance(factor, Power) else factor
    return isinstance(base, Input) and base.kind in POSITIVE


def _sum_of_terms(node: Contract) -> Node:
    """Distribute a sum over the terms of a large array, where each term is a product of smaller ones."""
    at = next((i for i, arg in enumerate(node.args) if isinstance(arg, Add) and is_large(arg)), None)
    if at is None:
        return node
    terms, others = _multiplied_out(node.args[at]), (*node.args[:at], *node.args[at + 1 :])
    if any(is_large(factor) for term in (others, *map(_factors, terms)) for factor in term):
        return node  # a square of differences stays one: taken apart, it would lose digits
    return add(*(contract((*others, term), node.over).means(term.meaning) for term in terms))


def _multiplied_out(total: Node) -> list[Node]:
    """Return the terms of a sum, with a product by a sum of logs taken term by term: x (log e + log r)."""
    terms: list[Node] = []
    for term in total.children:
        logs = next((part for part in _factors(term) if isinstance(part, Add) and all(map(_is_log, part.args))), None)
        if logs is None:
            terms.append(term)
        else:
            rest = [part for part in _factors(term) if part is not logs]
            terms += [mul(*rest, log) for log in logs.args]
    return terms


def _is_log(node: Node) -> bool:
    return any(isinstance(factor, Log) for factor in _factors(node)) and len(_factors(node)) <= 2


def _factors(term: Node) -> tuple[Node, ...]:
    return term.args if type(term) is Mul else (term,)
