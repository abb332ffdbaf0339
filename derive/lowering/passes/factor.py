"""Factor: Cholesky factors and solves take the place of inverses and determinants.

With A = L L': v' A^-1 v is the squared length of L^-1 v, log det A is twice the sum of the log diagonal of L, and any
other product A^-1 r solves A y = r.
"""

from derive.lowering.axis import Axis
from derive.lowering.build import contract, mul, number, power, rename
from derive.lowering.node import Eye, Node
from derive.lowering.operations import Cholesky, Contract, Inverse, Log, LogDet, Mul, Rename, Solve, TriangularSolve
from derive.lowering.program import Program, bottom_up
from derive.lowering.relabel import relabelled


def factor(program: Program) -> Program:
    """Return the program without any inverse or determinant."""
    products: dict[Node, Node] = {}
    rest: dict[Node, Node] = {}
    return program.transformed(lambda node: bottom_up(bottom_up(node, _in_product, products), _alone, rest))


def _in_product(node: Node) -> Node:
    """Replace the inverses among the factors of a contraction."""
    if not isinstance(node, Contract):
        return node
    for at, letter in reversed(list(enumerate(node.args))):
        found = _inverse(letter)
        if found is None or not set(found[1:]) & set(node.over):
            continue
        inverse, row, col = found
        others = [*node.args[:at], *node.args[at + 1 :]]
        better = _quadratic(node, inverse, row, col, others) or _solved(node, inverse, row, col, others)
        if isinstance(better, Mul):
            return mul(*map(_in_product, better.args))
        if better is not None:
            return _in_product(better)
    return node


def _inverse(node: Node) -> tuple[Inverse, Axis, Axis] | None:
    """Return the inverse and the names of its rows and columns here."""
    inverse = node.arg if isinstance(node, Rename) else node
    if not isinstance(inverse, Inverse):
        return None
    names = dict(zip(inverse.axes, node.names if isinstance(node, Rename) else inverse.axes, strict=True))
    row, col = names[inverse.row], names[inverse.col]
    return None if row == col else (inverse, row, col)


def _quadratic(node: Contract, inverse: Inverse, row: Axis, col: Axis, others: list[Node]) -> Node | None:
    """v' A^-1 v, where both vectors are the same."""
    left = [other for other in others if row in other.axes]
    right = [other for other in others if col in other.axes]
    if not (len(left) == len(right) == 1 and {row, col} <= set(node.over)) or left == right:
        return None
    if relabelled(left[0], {row: col}) != relabelled(right[0], {}):
        return None
    factor_ = Cholesky(inverse.arg, inverse.row, inverse.col, meaning=inverse.arg.meaning)
    lower = rename(factor_, {inverse.row: row, inverse.col: col})
    whitened = TriangularSolve(lower, left[0], row, col, meaning=left[0].meaning)
    rest = [other for other in others if other not in (left[0], right[0])]
    return contract((power(whitened, 2), *rest), [axis for axis in node.over if axis != col])


def _solved(node: Contract, inverse: Inverse, row: Axis, col: Axis, others: list[Node]) -> Node | None:
    """A^-1 r on one side: all that is summed on that side of the inverse becomes a right-hand side."""
    for inner, outer in ((col, row), (row, col)):
        side = _side(inner, set(node.over) - {outer}, others)
        if inner not in node.over or not side or any(outer in other.axes for other in side):
            continue
        rest = [other for other in others if other not in side]
        within = {axis for other in side for axis in other.axes} & set(node.over)
        summed = {axis for axis in within if not any(axis in other.axes for other in rest)} - {inner}
        rhs = contract(side, sorted(summed))
        # Where the inverse's rows are summed over, its transpose is solved with.
        names = (outer, inner) if inner == col else (inner, outer)
        matrix = rename(inverse.arg, dict(zip((inverse.row, inverse.col), names, strict=True)))
        solution = Solve(matrix, rename(rhs, {inner: outer}), outer, inner)
        return contract((solution, *rest), [axis for axis in node.over if axis not in {inner, *summed}])
    return None


def _side(inner: Axis, over: set[Axis], others: list[Node]) -> list[Node]:
    """The factors that are connected with an axis through axes that are summed over."""
    reached, side = {inner}, list[Node]()
    while True:
        more = [other for other in others if other not in side and reached & set(other.axes)]
        if not more:
            return [other for other in others if other in side]
        side += more
        reached |= {axis for other in more for axis in other.axes if axis in over}


def _alone(node: Node) -> Node:
    """Replace what stands outside of a product: a determinant, an inverse that is itself wanted."""
    if isinstance(node, LogDet):
        lower = Cholesky(node.arg, node.row, node.col, meaning=node.arg.meaning)
        diagonal = rename(lower, {node.col: node.row})
        logarithms = Contract((Log((diagonal,)),), (node.row,), meaning="½ log det, the sum of the log diagonal")
        return mul(number(2), logarithms)
    if isinstance(node, Inverse):
        other = node.row.fresh((*node.axes, *node.arg.axes))
        solution = Solve(node.arg, rename(Eye(node.row, node.col), {node.col: other}), node.row, node.col)
        return rename(solution, {other: node.col})
    if type(node) is Mul and any(type(arg) is Mul for arg in node.args):
        return mul(*node.args)
    return node
