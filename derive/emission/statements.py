"""Programs to statements: assignments in order, loops over components, the equation's number beside each."""

from dataclasses import dataclass, field

from derive.emission.lines import INDENT, WIDTH, fitted
from derive.emission.naming import Names
from derive.emission.numpy_printer import Printer
from derive.emission.replacing import base_of, replacing
from derive.emission.schedule import Assign, ClimbTo, FindRoot, Item, LoopOver, Scheduler, is_untyped, named_nodes
from derive.emission.search import Search
from derive.emission.text import Text
from derive.emission.unicode import count_equation, unicode
from derive.language.expr import Expr, Transpose
from derive.lowering.axis import Rank
from derive.lowering.climbing import Climb
from derive.lowering.locating import Locate
from derive.lowering.node import Input, Node, Number
from derive.lowering.operations import (
    Accumulate,
    Add,
    Cholesky,
    Contract,
    First,
    Joined,
    Keep,
    Log,
    Loop,
    Mul,
    Replace,
    Stack,
    TriangularSolve,
)
from derive.lowering.program import Program

NOT_NEGATIVE = frozenset({"positive", "probability", "simplex"})  # kinds of inputs, entry by entry


@dataclass
class Writer:
    """Writes the statements of one program.

    fixed: names that outputs have (others are named by what they hold). returned: the name of the output that the
    function returns, and ``wrapped`` how: "float({})". empty: the end of the error for a component without points.
    """

    program: Program
    fixed: dict[Node, str] = field(default_factory=dict)
    returned: str = ""
    wrapped: str = "{}"
    empty: str = ""
    names: Names = field(default_factory=Names)
    printer: Printer = field(default_factory=Printer)
    lines: list[str] = field(default_factory=list)
    counted: bool = False

    def run(self) -> list[str]:
        """Return the lines, without indentation; sizes and imports are collected by the printer."""
        inputs = [(given, given.name) for given in self.program.inputs]
        for node, name in (*inputs, *self.fixed.items(), *joined_names(self.program)):
            self.names.reserve(node, name)
        for node in self.program.nodes():
            if isinstance(node, Keep):
                self.names.reserve(node, node.name)
                made = base_of(node)
                if isinstance(made, Loop | Locate | Climb):
                    self.names.reserve(made, node.name)
        counted = self._count_first() if self.empty else set()
        for item in Scheduler(self.program).run():
            if not (isinstance(item, Assign) and item.node in counted):
                self._item(item)
        for node, name in self.fixed.items():
            if name == self.returned and self.printer.names[node].code == name:
                self.lines.append(f"return {self.wrapped.format(name)}")
        return self.lines

    def _item(self, item: Item) -> None:
        if isinstance(item, LoopOver):
            self._loop(item)
            return
        if isinstance(item, FindRoot | ClimbTo):
            self._search(item)
            return
        node, number = item.node, item.number
        if isinstance(node, Keep) and isinstance(node.arg, Loop | Locate | Climb):
            self.printer.names[node] = self.printer.names[node.arg]
            return
        if isinstance(node, Keep) and isinstance(node.arg, Replace):
            self.lines += replacing(node, node.arg, number, self.printer, comment(node, number))
            self.printer.names[node] = Text(node.name, node.axes)
            return
        name = self.names.name(node)
        if isinstance(node, Log) and isinstance(node.args[0], Input) and node.args[0].kind == "simplex":
            words = (
                "weight 0 takes no points" if node.args[0].source != "responsibilities" else "such a point has no part"
            )
            self.lines.append(f'with np.errstate(divide="ignore"):  # log 0 = -inf: {words}')
            self._assign(name, node, number, INDENT)
        else:
            self._assign(name, node, number)
        if self._is_checked(node) and not (self.counted and len(node.children) == 1):
            # Where sum_n w_n gamma_nk has been found positive, so is N_k.
            self.counted = True
            self.lines += refused_empty(name, self.empty, len(node.axes)) if self.empty else []

    def _assign(self, name: str, node: Node, number: int, indent: str = "") -> None:
        self.lines += self._assigned(name, node, number, indent)

    def _assigned(self, name: str, node: Node, number: int, indent: str = "") -> list[str]:
        text = self.printer.statement(node)
        words = f"({number})" if node in self.fixed else comment(node, number)
        last = bool(self.returned) and self.fixed.get(node) == self.returned
        code = self.wrapped.format(text.code) if last else _typed(node, text, self.printer.dtype)
        loose = is_untyped(node) or _is_loose(node)
        self.printer.names[node] = Text("" if last else name, node.axes)
        if last and loose:
            return [*fitted(f"value: Array = {code}", words, indent), f"{indent}return value"]
        shown = f"return {code}" if last else f"{name}{': Array' if loose else ''} = {code}"
        return fitted(shown, words, indent)

    def _search(self, item: FindRoot | ClimbTo) -> None:
        search = Search(self.printer, self.names, self._assigned)
        self.lines += search.root(item) if isinstance(item, FindRoot) else search.climb(item)

    def _loop(self, item: LoopOver) -> None:
        size = self.printer.size(item.axis)
        for result in item.results:
            name, axes = self.names.name(result.node), result.node.axes
            stacked = isinstance(result.node, Stack)
            words = "" if stacked else comment(result.node, result.number)
            made = f"np.{'empty' if stacked else 'zeros'}({self.printer.shape(axes)}, dtype={self.printer.dtype})"
            if stacked and len(axes) == 2 and axes[0] != item.axis:
                # What a turn of the loop writes lies together in memory, as does what is reduced over the axis later.
                made = f"np.empty({self.printer.shape(axes[::-1])}, dtype={self.printer.dtype}).T"
                words = "a column for each component, contiguous"
            self.lines += fitted(f"{name}: Array = {made}", words)
        self.lines.append(f"for {item.axis.name} in range({size}):")
        for assign in item.body:
            self._assign(self.names.name(assign.node), assign.node, assign.number, INDENT)
        for result in item.results:
            self._result(result)

    def _result(self, result: Assign) -> None:
        node, name = result.node, self.names.name(result.node)
        assert isinstance(node, Loop)  # noqa: S101 - for the type checker
        value = self.printer.text(node.body, tuple(axis for axis in node.axes if axis != node.axis)).code
        if isinstance(node, Accumulate):
            target = f"{name} += {value}"
        else:
            places = [node.axis.name if axis == node.axis else ":" for axis in node.axes]
            while places[-1] == ":":
                places.pop()
            target = f"{name}[{', '.join(places)}] = {value}"
        self.lines += fitted(target, comment(node.body, result.number), INDENT)
        self.printer.names[node] = Text(name, node.axes)

    @property
    def _shared(self) -> First | None:
        """The responsibilities of the components that share a density, where others have their own."""
        return next((node for node in self.program.nodes() if isinstance(node, First)), None)

    def _is_checked(self, node: Node) -> bool:
        """Whether a node counts the points of the components whose updates divide by that."""
        shared = self._shared
        return is_count(node) and (shared is None or shared in node.children)

    def _count_first(self) -> set[Node]:
        """Count the points of each component, before anything is divided by such sums; return what was written."""
        named = named_nodes(self.program)
        for output in self.program.outputs:
            for node in Program("", (output,)).nodes():
                if self._is_checked(node):
                    written = [*(child for child in node.children if child in named), node]
                    for part in written:
                        self._item(Assign(part, output.number))
                    return set(written)
        shared = self._shared
        counted = "responsibilities" if shared is None else self.printer.text(shared).code
        self.lines.append(f"counts: Array = {counted}.sum(axis=0)")
        self.lines += refused_empty("counts", self.empty) if self.empty else []
        return set()


def refused_empty(name: str, reason: str, rank: int = 1) -> list[str]:
    """Return the lines that refuse counts that are not all positive, naming the component, which is their first axis.

    rank: the number of axes.
    """
    others = "" if rank == 1 else f".all(axis={1 if rank == 2 else tuple(range(1, rank))})"
    first = f"component {{empty}} has no points: {reason}; "
    second = "use fewer components or another start"
    found = f"({name} > 0){others}" if others else f"{name} > 0"
    lines = [f"if not ({name} > 0).all():", f"{INDENT}empty = int(np.argmin({found}))"]
    whole = f'{INDENT}raise ValueError(f"{first}{second}")'
    if len(INDENT) + len(whole) <= WIDTH:
        return [*lines, whole]
    parts = (f'f"{first}"', f'"{second}"')
    return [*lines, f"{INDENT}raise ValueError(", *(f"{INDENT * 2}{part}" for part in parts), f"{INDENT})"]


def _is_loose(node: Node) -> bool:
    """Whether NumPy's stubs lose the type of a sum: twice a logarithm in it has none that they know."""
    terms = node.args if isinstance(node, Add) else ()
    return any(
        isinstance(term, Mul)
        and isinstance(term.args[0], Number)
        and term.args[0].value.denominator == 1
        and abs(term.args[0].value) != 1
        and all(isinstance(factor, Log) for factor in term.args[1:])
        for term in terms
    )


def _typed(node: Node, text: Text, dtype: str) -> str:
    """Numbers become Python numbers, which leave float32 arrays what they are; a parameter stays an array."""
    if isinstance(node, Keep) and not node.axes:
        return f"np.asarray({text.code}, dtype={dtype})"
    if isinstance(node, Contract) and not node.axes:
        return f"float({text.code})"
    return text.code


def is_count(node: Node) -> bool:
    """Whether a node is N_k: the responsibilities, perhaps times known numbers, summed over the points."""
    if not isinstance(node, Contract) or [axis.rank for axis in node.over] != [Rank.SAMPLES]:
        return False
    parts = [arg.arg if isinstance(arg, First) else arg for arg in node.args]
    inputs = [arg for arg in parts if isinstance(arg, Input)]
    sources = sorted(arg.source for arg in inputs)
    positive = all(arg.kind in NOT_NEGATIVE for arg in inputs)
    return (
        len(inputs) == len(node.args) and positive and sources == ["known"] * (len(inputs) - 1) + ["responsibilities"]
    )


def joined_names(program: Program) -> list[tuple[Node, str]]:
    """Return log densities with their names: the one that components share, and those of single ones."""
    found: list[tuple[Node, str]] = []
    for node in program.nodes():
        if isinstance(node, Joined):
            names = ("log_density", "other", *(f"other_{number}" for number in range(2, len(node.args))))
            found += zip(node.args, names, strict=False)
    return found


def comment(node: Node, number: int) -> str:
    """Return the equation's number, and for an intermediate what it is."""
    meaning = node.meaning
    if isinstance(node, Keep) or meaning is None:
        return f"({number})"
    if isinstance(meaning, Transpose):
        meaning = meaning.arg
    text = count_equation(meaning) if isinstance(meaning, Expr) else meaning
    if isinstance(node, Cholesky) and isinstance(meaning, Expr):
        text = f"L Lᵀ = {unicode(meaning)}"
    if isinstance(node, TriangularSolve) and isinstance(meaning, Expr):
        text = f"L⁻¹ ({unicode(meaning)})"
    return f"({number}) {text}"
