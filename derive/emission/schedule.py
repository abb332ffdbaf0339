"""Which nodes become statements, in which order, and which of them stand in a loop."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from derive.lowering.axis import Axis, Rank
from derive.lowering.climbing import Climb
from derive.lowering.locating import Gather, Locate, Unknown, gathers
from derive.lowering.node import Input, Node, Number, Pi, SizeOf
from derive.lowering.operations import (
    Accumulate,
    Add,
    Cholesky,
    Contract,
    Elementwise,
    Joined,
    Keep,
    Log,
    Loop,
    Max,
    Mul,
    Power,
    Rename,
    Reorder,
    Select,
    Solve,
    Stack,
    TriangularSolve,
)
from derive.lowering.program import Program


@dataclass(frozen=True)
class Assign:
    """A statement that computes a node; ``number`` is the equation that it belongs to."""

    node: Node
    number: int


@dataclass(frozen=True)
class LoopOver:
    """A loop over an axis: temporaries of its body, and the values that it stacks or accumulates."""

    axis: Axis
    body: tuple[Assign, ...]
    results: tuple[Assign, ...]


@dataclass(frozen=True)
class FindRoot:
    """A root to be found: the temporaries of its equation, which become a function of the unknown."""

    node: Locate
    number: int
    body: tuple[Assign, ...]


@dataclass(frozen=True)
class ClimbTo:
    """A maximum to be found: the temporaries of what is climbed, and those of its derivatives."""

    node: Climb
    number: int
    value: tuple[Assign, ...]
    derivatives: tuple[Assign, ...]


Item = Assign | LoopOver | FindRoot | ClimbTo
ALWAYS = (Keep, Loop, Cholesky, TriangularSolve, Solve, Max, Locate, Climb)  # have a statement of their own


def is_python_number(node: Node) -> bool:
    """Whether a value is a Python number: made of constants and sizes only."""
    if isinstance(node, Number | Pi | SizeOf):
        return True
    return isinstance(node, Elementwise) and all(map(is_python_number, node.args))


def is_leaf(node: Node) -> bool:
    """Whether a node is written as it is, however often it is used."""
    match node:
        case Input() | Number() | Pi() | SizeOf() | Unknown():
            return True
        case Gather():
            return True
        case Select(arg) | Rename(arg):
            return is_leaf(arg) or isinstance(arg, Keep)
        case Mul((Number(), other)):
            return is_leaf(other) or isinstance(other, ALWAYS)
    return is_python_number(node)


def squares_summed(node: Node) -> Node | None:
    """Return v where the node is a sum of v squared over one axis."""
    match node:
        case Contract((Power((base,), exponent),), (_,)) if exponent == 2:
            return base
    return None


def named_nodes(program: Program) -> set[Node]:
    """Return the nodes that get a statement of their own."""
    uses: Counter[Node] = Counter()
    nodes = list(program.nodes())
    for node in nodes:
        square = squares_summed(node)
        uses.update([square, square] if square is not None else node.children)
    named = {output.node for output in program.outputs}
    for node in nodes:
        always = isinstance(node, ALWAYS) or _is_log_of_weights(node)
        often = uses[node] > 1 and not is_leaf(node) and not isinstance(node, Rename) and not _is_divisor(node)
        if always or often or _is_centred(node) or is_untyped(node) or _is_number(node):
            named.add(node)
        if isinstance(node, Solve):
            named.update(child for child in map(_beneath, node.children) if isinstance(child, Contract))
        if isinstance(node, Joined):
            named.update(arg for arg in node.args if arg.axes and not is_leaf(arg))
        if isinstance(node, Select | Gather) and not is_leaf(node.arg):
            named.add(_beneath(node.arg))
    named -= {node.body for node in nodes if isinstance(node, Loop) and not uses[node.body] > 1}
    named -= {node.arg for node in nodes if isinstance(node, Reorder) and uses[node.arg] == 1}
    # A parameter's new value carries the name; what it keeps is written in its statement.
    return named - {
        node.arg for node in nodes if isinstance(node, Keep) and not isinstance(node.arg, Loop | Locate | Climb)
    }


def _is_log_of_weights(node: Node) -> bool:
    return isinstance(node, Log) and isinstance(node.args[0], Input) and node.args[0].kind == "simplex"


def _is_number(node: Node) -> bool:
    return isinstance(node, Contract) and not node.axes


def is_untyped(node: Node) -> bool:
    """Whether NumPy's stubs know no type for a node: a sum along axes, a largest entry, np.einsum."""
    if isinstance(node, Max):
        return True
    return isinstance(node, Contract) and bool(node.axes) and not is_matrix_product(node)


def is_matrix_product(node: Contract) -> bool:
    """Whether a contraction is written with @: two factors, one axis summed, at most one other axis each."""
    if len(node.args) != 2 or len(node.over) != 1:
        return False
    left, right = (set(arg.axes) - set(node.over) for arg in node.args)
    return len(left) <= 1 and len(right) <= 1 and not left & right


def _is_divisor(node: Node) -> bool:
    return isinstance(node, Power) and node.exponent < 0


def _is_centred(node: Node) -> bool:
    """Whether a node in a loop is the data less something."""
    inputs = [arg for arg in node.args if isinstance(arg, Input)] if isinstance(node, Add) else []
    coordinates = [axis for axis in node.axes if axis.rank is Rank.COORDINATE]
    return bool(coordinates) and any(arg.source == "data" for arg in inputs)


def _beneath(node: Node) -> Node:
    while isinstance(node, Rename):
        node = node.arg
    return node


def varies(node: Node, axis: Axis) -> bool:
    """Whether a node in a loop's body depends on the position of the loop."""
    if isinstance(node, Select):
        return node.axis == axis
    if isinstance(node, Loop) and node.axis == axis:
        return False
    return any(varies(child, axis) for child in node.children)


@dataclass
class Scheduler:
    """Orders the statements of a program."""

    program: Program
    named: set[Node] = field(default_factory=set)
    items: list[Item] = field(default_factory=list)
    done: set[Node] = field(default_factory=set)

    def run(self) -> tuple[Item, ...]:
        """Return the statements in order."""
        self.named = named_nodes(self.program)
        for output in self.program.outputs:
            self._require(output.node, output.number)
        return tuple(self.items)

    def _require(self, node: Node, number: int) -> None:
        if node in self.done:
            return
        if isinstance(node, Loop):
            self._loop(node, number)
            return
        if isinstance(node, Locate):
            self._root(node, number)
            return
        if isinstance(node, Climb):
            self._climb(node, number)
            return
        for child in node.children:
            self._require(child, number)
        self.done.add(node)
        if node in self.named:
            self.items.append(Assign(node, number))

    def _root(self, node: Locate, number: int) -> None:
        for known in gathers(node.slope):
            self._require(known.arg, number)
        body: list[Assign] = []
        self._equation(node.slope, number, body, set())
        self.done.add(node)
        self.items.append(FindRoot(node, number, tuple(body)))

    def _climb(self, node: Climb, number: int) -> None:
        bodies: list[tuple[Assign, ...]] = []
        for parts in ((node.value,), (*node.slopes, *node.hessian)):
            for known in (known for part in parts for known in gathers(part)):
                self._require(known.arg, number)
            body: list[Assign] = []
            inside: set[Node] = set()
            for part in parts:
                self._equation(part, number, body, inside)
            bodies.append(tuple(body))
        self.done.add(node)
        self.items.append(ClimbTo(node, number, *bodies))

    def _equation(self, node: Node, number: int, body: list[Assign], inside: set[Node]) -> None:
        """Collect the statements of an equation: what it uses more than once."""
        if node in inside or isinstance(node, Gather):
            return
        inside.add(node)
        for child in node.children:
            self._equation(child, number, body, inside)
        if node in self.named:
            body.append(Assign(node, number))

    def _loop(self, node: Loop, number: int) -> None:
        group = [Assign(node, number)]
        for other, owner in self._loops():
            independent = not any(_depends(a, b) for mate in group for a, b in ((other, mate.node), (mate.node, other)))
            mates = [mate.node for mate in group]
            if other not in self.done and other not in mates and other.axis == node.axis and independent:
                group.append(Assign(other, owner))
        body: list[Assign] = []
        inside: set[Node] = set()
        for mate in group:
            self._body(mate.node.children[0], node.axis, mate.number, body, inside)
            self.done.add(mate.node)
        self.items.append(LoopOver(node.axis, tuple(body), tuple(group)))

    def _body(self, node: Node, axis: Axis, number: int, body: list[Assign], inside: set[Node]) -> None:
        if not varies(node, axis):
            self._require(node, number)
            return
        if node in inside:
            return
        inside.add(node)
        for child in node.children:
            if isinstance(node, Select):
                self._require(child, number)
            else:
                self._body(child, axis, number, body, inside)
        if node in self.named:
            body.append(Assign(node, number))

    def _loops(self) -> Iterator[tuple[Loop, int]]:
        for output in self.program.outputs:
            for node in Program("", (output,)).nodes():
                if isinstance(node, Stack | Accumulate):
                    yield node, output.number


def _depends(node: Node, on: Node) -> bool:
    return node is not on and any(child == on or _depends(child, on) for child in node.children)
