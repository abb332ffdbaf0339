"""A step: two sides, the relation between them, the rule that gives it, and the certificate that it holds."""

from dataclasses import dataclass
from enum import StrEnum

from derive.language.expr import Expr
from derive.language.family import Family
from derive.language.index import Index


class Relation(StrEnum):
    """How the sides of a step, or the step and its premise, are related."""

    EQUAL = "="  # the sides agree
    EQUAL_UP_TO_CONSTANT = "= + const"  # the sides differ by what does not depend on the variable
    EQUIVALENT = "<=>"  # the equation holds exactly where its premise does
    IMPLIES = "=>"  # the equation follows from its premise
    AT_MOST = "<="  # the left side is at most the right side
    AT_LEAST = ">="  # the left side is at least the right side


@dataclass(frozen=True)
class Multiplied:
    """The premise's sides were multiplied by an invertible factor on the left and on the right."""

    left: Expr | None = None
    right: Expr | None = None


@dataclass(frozen=True)
class Summed:
    """The premise's sides were summed over a plate."""

    index: Index


@dataclass(frozen=True)
class Combined:
    """A multiple of another equation (by its number) was added to the premise: to put a value back."""

    other: int
    factor: Expr


@dataclass(frozen=True)
class Exponentiated:
    """The exponential of both sides of the premise was taken."""


@dataclass(frozen=True)
class Logged:
    """The logarithm of both sides of the premise, which are positive, was taken."""


@dataclass(frozen=True)
class Rooted:
    """The premise, a polynomial in the left side, was solved: its other roots lie outside of the domain."""


@dataclass(frozen=True)
class Located:
    """The premise has one root: its left side is monotone in the unknown, by the step with this number."""

    monotone: int


@dataclass(frozen=True)
class Crosses:
    """The premise has one root: its left side changes its sign once at most, by a named theorem.

    index, weight, value: the samples, with their weights and values, that the theorem is about.
    """

    theorem: str
    index: Index
    weight: Expr
    value: Expr


@dataclass(frozen=True)
class Constraint:
    """slack >= 0, its multiplier in the Lagrangian, and the value that the multiplier has at the solution."""

    slack: Expr
    multiplier: Expr
    value: Expr


@dataclass(frozen=True)
class Active:
    """The premise, the gradient of a Lagrangian, is zero here, and of each slack and its multiplier one is zero.

    These are the conditions of Karush, Kuhn and Tucker: slack >= 0, multiplier >= 0, slack times multiplier = 0.
    """

    constraints: tuple[Constraint, ...]


@dataclass(frozen=True)
class Ended:
    """The premise is the slope of the finite part of an objective, whose maximum lies at the end of its support.

    monotone: the step that says that the slope has one sign; apart: the one that writes the objective as its finite
    part and a barrier, which is zero or minus infinity.
    """

    monotone: int
    apart: int


@dataclass(frozen=True)
class Highest:
    """What the premise is the gradient of is nowhere in the domain larger than here, by the steps named.

    excess: the step that states by how much its value here exceeds that anywhere; bounded: that this is not negative.
    """

    excess: int
    bounded: int


@dataclass(frozen=True)
class Attained:
    """The premise says by how much the objective at this value exceeds it anywhere; bound: that is not negative."""

    bound: int


@dataclass(frozen=True)
class JointlyLocated:
    """The premise and the other slopes vanish at one point: that of the maximum of what they are the slopes of.

    slopes: the numbers of the steps that state them, for all unknowns in order; concave: of the step that shows that
    the joint second differential is at most zero.
    """

    slopes: tuple[int, ...]
    concave: int


Move = (
    Multiplied
    | Summed
    | Combined
    | Exponentiated
    | Logged
    | Rooted
    | Located
    | Crosses
    | JointlyLocated
    | Active
    | Ended
    | Attained
    | Highest
)


@dataclass(frozen=True)
class Assumption:
    """What a step needs and the domains do not say: that ``expr`` is not zero, or invertible; in words."""

    expr: Expr
    words: str


@dataclass(frozen=True)
class Certificate:
    """What was checked, and that it held: never made without the check having run.

    method: how both sides were evaluated. sizes: the (N, K, D, ...) of the random worlds. seed: of their draws.
    bits: 0 where every number was rational, else the precision in bits to which balls were found to overlap.
    """

    method: str
    sizes: tuple[tuple[tuple[str, int], ...], ...]
    seed: int
    bits: int = 0


@dataclass(frozen=True)
class Step:
    """One numbered line of a derivation.

    For ``=``, ``= + const`` (in ``variable``), ``<=`` and ``>=`` the sides are compared with each other. For ``<=>``
    and ``=>`` the equation left = right is obtained from the step numbered ``premise`` by ``move``.
    assumptions: what the step needs to hold.
    """

    number: int
    left: Expr
    relation: Relation
    right: Expr
    rule: str
    words: str
    source: str = ""
    variable: Family | None = None
    premise: int | None = None
    move: Move | None = None
    assumptions: tuple[Assumption, ...] = ()
    certificate: Certificate | None = None

    @property
    def place(self) -> str:
        """Number and rule, to begin a message with."""
        return f"step ({self.number}), {self.rule}"
