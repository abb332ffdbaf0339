"""Which ends of its domain a parameter must keep away from: those at which a program has no finite value."""

from derive.lowering.locating import Gather
from derive.lowering.logs import SumOfLogs, complemented
from derive.lowering.node import Input, Node
from derive.lowering.operations import Add as Sum
from derive.lowering.operations import Contract, Exp, Keep, Loop, Max, Mul, Power, Rename, Select
from derive.lowering.program import Program

ZERO, ONE = "zero", "one"
_HARMLESS = (Sum, Mul, Contract, Exp, Keep, Loop, Max, Rename, Select, Gather, SumOfLogs, Input)


def forbidden_ends(program: Program, name: str) -> frozenset[str]:
    """Return the ends, "zero" and "one", at which a parameter would be divided by, or its log be taken."""
    found: set[str] = set()
    for node in program.nodes():
        if isinstance(node, _HARMLESS) or (isinstance(node, Power) and node.exponent > 0):
            continue
        for child in node.children:
            found |= _ends(child, name)
    return frozenset(found)


def _ends(node: Node, name: str) -> set[str]:
    """Return the ends of the parameter at which a node is zero, as far as its form tells; both where it does not."""
    complement = complemented(node)
    if complement is not None and complement.name == name:
        return {ONE}
    match node:
        case Input(own):
            return {ZERO} if own == name else set()
        case Mul() | Power() | Rename() | Select():
            return set().union(*(_ends(child, name) for child in node.children))
    return {ZERO, ONE} if any(_ends(child, name) for child in node.children) else set()
