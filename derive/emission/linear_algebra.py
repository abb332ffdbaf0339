"""Contractions and solves as NumPy and SciPy calls."""

from collections.abc import Callable

from derive.emission.schedule import is_matrix_product
from derive.emission.text import Binding, Text
from derive.emission.views import FunctionView
from derive.lowering.axis import Axis, Rank
from derive.lowering.node import Eye, Node
from derive.lowering.operations import Contract, Rename, Solve, TriangularSolve

Write = Callable[..., Text]
WHITENED = "helper.whitened"

HELPER = FunctionView(
    "_whitened(rows: Array, lower: Array) -> Array",
    "L⁻¹ x for each row x, shape (N, D), for a lower triangular matrix L, shape (D, D).",
    ("Where D is large, columns are computed in four parts: products with the zeros above the diagonal are left out.",),
    (
        "inverse = np.linalg.inv(lower)",
        "D = len(lower)",
        "if D < 96:",
        "    return np.asarray(rows @ inverse.T)",
        "whitened: Array = np.empty_like(rows)",
        "width = -(-D // 4)",
        "for start in range(0, D, width):",
        "    end = start + width",
        "    whitened[:, start:end] = rows[:, :end] @ inverse[start:end, :end].T",
        "return whitened",
    ),
)


def contraction(node: Contract, write: Write, square: Node | None) -> Text:
    """Return a sum over axes: a matrix product where there is one, a sum of squares, a sum, or np.einsum."""
    if square is not None:
        return _einsum((write(square), write(square)), node.axes)
    if len(node.args) == 1:
        return _sum(write(node.args[0]), node.over)
    if is_matrix_product(node):
        return _matrix_product(write(node.args[0]), write(node.args[1]), node.over[0])
    return _einsum(tuple(map(write, node.args)), node.axes)


def _sum(text: Text, over: tuple[Axis, ...]) -> Text:
    rest = tuple(axis for axis in text.axes if axis not in over)
    places = [str(i) for i, axis in enumerate(text.axes) if axis in over]
    where = "" if not rest else f"axis={places[0]}" if len(places) == 1 else f"axis=({', '.join(places)})"
    return Text(f"{text.at_least(Binding.ATOM)}.sum({where})", rest)


def _matrix_product(first: Text, second: Text, axis: Axis) -> Text:
    left, right = ([own for own in text.axes if own != axis] for text in (first, second))
    if left and right and left[0] > right[0]:
        first, second, left, right = second, first, right, left
    one = first.aligned((*left, axis)).at_least(Binding.PRODUCT)
    other = second.aligned((axis, *right)).at_least(Binding.UNARY)
    return Text(f"{one} @ {other}", (*left, *right), Binding.PRODUCT)


def _einsum(texts: tuple[Text, ...], axes: tuple[Axis, ...]) -> Text:
    letters: dict[Axis, str] = {}
    for axis in (axis for text in texts for axis in text.axes):
        if axis not in letters:
            free = (c for c in axis.name[:1] + "abcdefghijklmnopqrstuvwxyz" if c not in letters.values())
            letters[axis] = next(free)
    inputs = ",".join("".join(letters[axis] for axis in text.axes) for text in texts)
    output = "".join(letters[axis] for axis in axes)
    return Text(f'np.einsum("{inputs}->{output}", {", ".join(text.code for text in texts)})', axes)


def solution(node: Solve, write: Write) -> Text:
    """Return the solution of a linear system; many right-hand sides are columns, many matrices come first.

    Where right-hand sides lie along several axes, the last one holds columns and the others are stacked.
    """
    matrix_axes = [axis for axis in node.matrix.axes if axis not in (node.row, node.col)]
    wide = tuple(axis for axis in node.rhs.axes if axis not in node.matrix.axes)
    batch = tuple(sorted(matrix_axes))
    if not (not batch and isinstance(node, TriangularSolve)):
        batch, wide = (*batch, *wide[:-1]), wide[-1:]
    matrix = write(node.matrix).aligned((*batch, node.row, node.col))
    if not batch and wide and isinstance(node, TriangularSolve):
        # The small factor is inverted and multiplied: one BLAS, and faster than a solve with as many right-hand sides.
        if any(axis.rank is Rank.SAMPLES for axis in wide):
            samples = write(node.rhs).aligned((*wide, node.row))
            return Text(f"_whitened({samples.code}, {matrix.code})", (*wide, node.row))
        rows = write(node.rhs).aligned((*wide, node.row)).at_least(Binding.PRODUCT)
        return Text(f"{rows} @ np.linalg.inv({matrix.code}).T", (*wide, node.row), Binding.PRODUCT)
    if _is_identity(node.rhs):
        return Text(f"np.linalg.inv({matrix.code})", (*batch, node.row, *wide))
    right = write(node.rhs).aligned((*batch, node.row, *wide))
    if wide or not batch:
        return Text(f"np.linalg.solve({matrix.code}, {right.code})", (*batch, node.row, *wide))
    column = f"{right.at_least(Binding.ATOM)}[..., np.newaxis]"
    return Text(f"np.linalg.solve({matrix.code}, {column})[..., 0]", (*batch, node.row))


def _is_identity(node: Node) -> bool:
    while isinstance(node, Rename):
        node = node.arg
    return isinstance(node, Eye)
