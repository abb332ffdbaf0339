"""The syntax tree of a written formula: what stands where, before anything is known of what the symbols mean.

Nothing is simplified: x_{nk} - x_{kn} keeps both terms, ^T is a superscript, a bar is a bar. Every node knows its span,
offsets into the text of its row; what a macro stands for has the span of its call.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction


@dataclass(frozen=True, kw_only=True)
class Node:
    """A part of a formula. start, end: its span in the row's text."""

    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Number(Node):
    """A decimal or whole number, exactly."""

    value: Fraction


@dataclass(frozen=True)
class Name(Node):
    r"""A letter or a command for one, or a word: text is "x", "mu", "Sigma", "log", "new", "const", "infty".

    style: "" or how it is set: "cal" for \mathcal and \mathscr, "bb" for \mathbb; bold, roman and fraktur are no
    style. accent: "hat", "tilde", "bar", ... or "". word: it was set as running text (\\text, \\mathrm, \\operatorname
    of more than one letter).
    """

    text: str
    style: str = ""
    accent: str = ""
    word: bool = False


@dataclass(frozen=True)
class Scripted(Node):
    """base_sub^sup. primes: how many ' follow (counted apart from sup). left: nothing is written before the base."""

    base: Node
    sub: Node | None = None
    sup: Node | None = None
    primes: int = 0


@dataclass(frozen=True)
class Sum(Node):
    """Terms with their signs, in order: (sign, term), sign one of "+", "-", "±"."""

    terms: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class Product(Node):
    """Factors in order. operators: what stands before each but the first: "" (juxtaposed), "cdot", "times", "circ"."""

    factors: tuple[Node, ...]
    operators: tuple[str, ...]


@dataclass(frozen=True)
class Quotient(Node):
    r"""numerator / denominator. inline: written with a slash instead of \frac or \over."""

    numerator: Node
    denominator: Node
    inline: bool = False


@dataclass(frozen=True)
class Big(Node):
    r"""\sum, \prod, \int, \max, \min, \argmax, ... with its scope, by name: "sum", "prod", "int", "max", "argmax".

    lower, upper: what stands below and above, as written (k=1, n, {k=1}, j \neq k); None where nothing does.
    """

    kind: str
    lower: Node | None
    upper: Node | None
    body: Node


@dataclass(frozen=True)
class Fenced(Node):
    """Something in brackets. kind: "(", "[", "{" (visible braces), "|", "||" (norm), "<"."""

    kind: str
    body: Node


@dataclass(frozen=True)
class Given(Node):
    """left | right inside brackets: a conditional bar; "left ; right" is read the same, with its sign kept."""

    left: Node
    right: Node
    sign: str = "|"


@dataclass(frozen=True)
class Items(Node):
    """Things separated by commas."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Apply(Node):
    r"""A function with its argument: \log x, \det A, tr[A], \exp(...), \Gamma(a). power: as in \log^2 x; None.

    By name also "sqrt", "factorial" (x!), "binom" (of two Items), and "at" (of two Items: a bar with a subscript, where
    something is evaluated).
    """

    function: Name
    argument: Node
    power: Node | None = None


@dataclass(frozen=True)
class Differentiate(Node):
    r"""\frac{\partial A}{\partial B}, \frac{d}{dB} A, \nabla_B A. order: 1, or 2 for a second derivative.

    body: what is differentiated; None where the operator stands alone. by: in what; empty for a bare \nabla.
    """

    body: Node | None
    by: tuple[Node, ...]
    order: int = 1


@dataclass(frozen=True)
class Compared(Node):
    """A relation inside a formula, as below a sum sign: k = 1, j != k, n in C_k."""

    left: Node
    relation: str
    right: Node


@dataclass(frozen=True)
class Braced(Node):
    r"""\underbrace{body}_{label} or \overbrace: the label is a remark."""

    body: Node
    label: Node | None


@dataclass(frozen=True)
class Table(Node):
    """Rows of cells: cases, matrices. kind: the environment's name."""

    kind: str
    rows: tuple[tuple[Node, ...], ...]


class Link(StrEnum):
    """How a statement is connected with what stands before it."""

    NONE = ""
    IMPLIES = "=>"
    EQUIVALENT = "<=>"
    FOLLOWS_FROM = "<="  # \\Leftarrow, \\because
    NEXT = ","  # separated by a comma or space in one row


@dataclass(frozen=True)
class Chain(Node):
    """Sides and the relations between them: a = b = 0 has three sides and two relations.

    relations: "=", "propto", "approx", "equiv", ":=", "<", ">", "<=", ">=", "!=", "to" (an arrow, as in assignments),
    "in", "sim", "set" (an equals sign with ! over it: set to), "=+const" (with c over it: up to an additive constant),
    "=:", "prec", "succ", "preceq", "succeq", "subset", "notin", "<<", ">>", "ni", in the order of the row. The first
    side is None where the row begins with a relation and so goes on with the chain of the row before it. link: how it
    follows from what stands before.
    boxed: the result is boxed.
    """

    sides: tuple[Node | None, ...]
    relations: tuple[str, ...]
    link: Link = Link.NONE
    boxed: bool = False
