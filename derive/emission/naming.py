"""Names of temporaries, from the structure of what they hold: counts, centred, cholesky, whitened, ..."""

from dataclasses import dataclass, field
from fractions import Fraction

from derive.language.family import Symbol
from derive.language.functions import LogDet
from derive.language.index import Extent
from derive.lowering.axis import Rank
from derive.lowering.locating import Gather
from derive.lowering.node import Eye, Given, Input, Node, Number, Ordinals
from derive.lowering.operations import (
    Accumulate,
    Add,
    Cholesky,
    Contract,
    Elementwise,
    Exp,
    First,
    Keep,
    Log,
    Loop,
    Max,
    Mul,
    Power,
    Rename,
    Select,
    Solve,
    TriangularSolve,
)
from derive.lowering.special import Special

RESERVED = frozenset({"X", "N", "K", "D", "k", "n", "np", "math", "previous", "parameters", "Parameters", "empty"})

SPECIAL = {
    "loggamma": "log_gammas",
    "polygamma": "polygammas",
    "log_bessel_i": "log_bessels",
    "bessel_ratio": "ratios",
    "cos": "cosines",
    "sin": "sines",
    "atan2": "angles",
    "absolute": "absolutes",
    "power": "powers",
    "max": "largest",
    "min": "bounded",
    "clip": "bounded",
}


@dataclass
class Names:
    """Gives each node a name that says what it is, and that no other has."""

    taken: set[str] = field(default_factory=lambda: set(RESERVED))
    given: dict[Node, str] = field(default_factory=dict)

    def reserve(self, node: Node, name: str) -> None:
        """Give a node a fixed name."""
        self.taken.add(name)
        self.given[node] = name

    def name(self, node: Node) -> str:
        """Return the node's name; a second one of a kind gets a number."""
        if node not in self.given:
            base = described(node) if node.axes else described(node).removesuffix("s")
            number, name = 2, base
            while name in self.taken:
                name, number = f"{base}_{number}", number + 1
            self.taken.add(name)
            self.given[node] = name
        return self.given[node]


def described(node: Node) -> str:  # noqa: C901, PLR0912 - one case a kind of node
    """Return a word for what a node holds."""
    match node:
        case Input(name):
            return name
        case Keep(_, name):
            return name
        case Rename(arg) | Select(arg):
            return described(arg)
        case First():  # of all components those that share a density
            return "regular"
        case Loop(body):
            return described(body) if not isinstance(node, Accumulate) else described(body).removesuffix("s")
        case Eye():
            return "identity"
        case Ordinals():
            return "numbers"
        case Given():
            return "scales" if node.rest else "selected"
        case Cholesky():
            return "cholesky"
        case TriangularSolve():
            return "whitened"
        case Solve(_, right) if isinstance(node.matrix, Input):
            which = node.matrix.name.removeprefix("previous_")
            return f"inverse_{which}" if described(right) == "identity" else f"solved_{described(right)}"
        case Solve():
            return "solution"
        case Max():
            return "largest"
        case Exp():
            return "scaled" if any(isinstance(part, Max) for part in _parts(node)) else "exponentials"
        case Log((arg,)):
            return f"log_{described(arg)}"
        case Special(_, name):
            return SPECIAL[name]
        case Add() if any(isinstance(part, Log) and _is(part.args[0], "responsibilities") for part in _below(node)):
            return "exponents"
        case Add() if any(_is(part, "data") for part in node.args):
            return "centred"
        case Add() if isinstance(node.meaning, Symbol) and node.meaning.family.definition is not None:
            return node.meaning.family.code
        case Contract():
            return _contraction(node)
        case Power((base,), exponent) if exponent == -1:
            return f"inverse_{described(base)}"
        case Power((base,), exponent) if exponent == 2:
            return f"squared_{described(base)}"
        case Power(_, exponent) if exponent == Fraction(1, 2):
            return "roots"
        case Mul() if any(_is_root(part) for part in node.args):
            return "scaled"
        case Mul() if any(_is(part, "responsibilities") for part in node.args):
            return "weighted"
        case Mul():
            return "product"
        case Add((_, Mul((Number(value), *_)))) if value < 0:
            return "differences"
        case Add():
            return "total"
    return "value"


def _contraction(node: Contract) -> str:  # noqa: C901 - one case a kind of sum
    ranks = {axis.rank for axis in node.over}
    argument = node.args[0]
    if len(node.args) == 1 and _is(argument, "statistics") and ranks == {Rank.COMPONENTS}:
        return f"total_{described(argument).rsplit('.', maxsplit=1)[-1]}"
    if len(node.args) == 1 and _is(argument, "responsibilities") and (not node.axes or ranks == {Rank.SAMPLES}):
        everywhere = any(Extent(axis.size).more for axis in node.axes)  # components with densities of their own too
        return "all_counts" if everywhere else "counts" if node.axes else "total_count"
    if ranks == {Rank.SAMPLES} and all(_is(arg, "responsibilities") or _is(arg, "known") for arg in node.args):
        return "weighted_counts" if node.axes else "total"
    if isinstance(argument, Log) and ranks == {Rank.COORDINATE}:
        if isinstance(node.meaning, LogDet):
            return "log_determinants"
        return "half_log_determinants" if any(isinstance(part, Cholesky) for part in _parts(argument)) else "log_sums"
    if isinstance(argument, Exp):
        return "totals"
    if ranks == {Rank.SAMPLES} or Rank.SAMPLES in ranks:
        if any(part.axes and isinstance(part, Add) for arg in node.args for part in _parts(arg)):
            return "scatters"
        return "weighted_sums" if any(_is(arg, "responsibilities") for arg in node.args) else "sums"
    if ranks == {Rank.COORDINATE} and any(isinstance(arg, Power) and arg.exponent == 2 for arg in node.args):
        return "distances"
    if ranks == {Rank.COORDINATE}:
        if any(_is(arg, "data") for arg in node.args):
            return "images"
        return "predictions" if any(_is(arg, "parameter") or isinstance(arg, Keep) for arg in node.args) else "products"
    return "sums" if node.axes else "total"


def _is(node: Node, source: str) -> bool:
    while isinstance(node, Rename | Select | First):
        node = node.arg
    return isinstance(node, Input) and node.source == source


def _is_root(node: Node) -> bool:
    """Whether a node is the square root of a weight, perhaps at one component."""
    while isinstance(node, Rename | Select):
        node = node.arg
    return isinstance(node, Power) and node.exponent == Fraction(1, 2)


def _below(node: Add) -> list[Node]:
    """The terms of a sum, those that an equation takes from outside as they are there."""
    return [arg.arg if isinstance(arg, Gather) else arg for arg in node.args]


def _parts(node: Node) -> list[Node]:
    """The node and what it is directly made of, through elementwise operations and renamings."""
    if isinstance(node, Elementwise | Rename | Select):
        return [node, *(part for child in node.children for part in _parts(child))]
    return [node]
