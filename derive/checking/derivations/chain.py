"""One chain of a row, side by side: each relation judged, given what stands before it."""

from dataclasses import dataclass, field, replace

from derive.checking.derivations.equations import Equations, families_in
from derive.checking.derivations.finding import RIGHT, Finding, worst
from derive.checking.derivations.judge import (
    PROPORTIONAL,
    Judge,
    adjusted,
    has_derivative,
    is_parameter,
    is_zero,
)
from derive.checking.derivations.orders import proved
from derive.checking.derivations.outcome import Verdict
from derive.checking.derivations.premises import Premise
from derive.checking.derivations.worlds import UndecidableError
from derive.checking.parsing.tree import Link
from derive.language.calculus_nodes import Derivative
from derive.language.expr import Expr, add, mul
from derive.language.family import Family, Role, Symbol
from derive.language.functions import Inverse, sum_over

EQUALITIES = ("=", "equiv", ":=", "to", "set")
DEFINITE = ("succ", "succeq")
ORDERS = ("<=", ">=", "<", ">")


@dataclass
class State:
    """What stands before a row.

    variable: the parameter under discussion. head, last: the first and last side of the chain that goes on. tainted:
    the last side is wrong for the head. claims: wrong values that were given, with what they were given for.
    """

    equations: Equations
    variable: Family | None = None
    head: Expr | None = None
    last: Expr | None = None
    tainted: bool = False
    claims: list[tuple[Expr, Expr]] = field(default_factory=list)


@dataclass
class ChainJudge:
    """Judges the sides of a chain that were read."""

    judge: Judge
    state: State
    link: Link
    constants: bool
    announced: bool = False  # the text before says that something is set to zero, or solved
    undecided: str = ""

    def sides(self, first: Expr, others: list[tuple[str, Expr]]) -> list[Finding]:
        """Judge each relation; ``first`` is the side before the first of them."""
        state, found = self.state, []
        for relation, side in others:
            finding = self._relation(relation, first, side)
            found.append(finding)
            state.tainted = state.tainted and not finding.fine if finding.fine else True
            if finding.verdict is Verdict.FOLLOWS:
                state.tainted = True
            first = side if not is_zero(side) else first
            state.last = first
        return found

    def _relation(self, relation: str, left: Expr, right: Expr) -> Finding:
        try:
            if relation in EQUALITIES:
                return self._equal(*adjusted(left, right))
            if relation == "propto":
                return self._proportional(left, right)
            if relation in ORDERS:
                return self._ordered(relation, left, right)
            if relation in DEFINITE and is_zero(right) and _is_definite(left):
                return RIGHT
        except UndecidableError as error:
            return Finding(Verdict.UNCHECKED, f"not decided: {error}", sides=(left, right))
        return Finding(Verdict.UNCHECKED, f"the relation {relation} is not checked")

    # equalities

    def _equal(self, left: Expr, right: Expr) -> Finding:
        if is_zero(right) or is_zero(left):
            return self._zero(left if is_zero(right) else right)
        try:
            identity = self.judge.identity(left, right)
        except UndecidableError as error:  # perhaps it is an equation, which can be decided
            identity, self.undecided = None, str(error)
        if identity is not None:
            return self._consequence(identity)
        if self.constants and self.judge.up_to_constant(left, right, self._variables(left, right)):
            return self._consequence(RIGHT)
        head = self.state.head
        if self.state.tainted and head is not None and head.shape == right.shape and self.judge.same(head, right):
            self.state.tainted = False
            return RIGHT
        if self._may_be_equation(left, right):
            return self._equation(left, right)
        return self._not_identical(left, right)

    def _consequence(self, finding: Finding) -> Finding:
        """What is right in itself only follows where it goes on from what is wrong."""
        if self.state.tainted and self.state.head is not None:
            return Finding(Verdict.FOLLOWS, "right, given the row before, which is wrong")
        return finding

    def _may_be_equation(self, left: Expr, right: Expr) -> bool:
        """Whether the sides need to agree at the solution only."""
        if has_derivative(left) or has_derivative(right):
            return False
        if self.state.head is not None and has_derivative(self.state.head) and not self._stands_alone(left):
            return False
        stated = bool(self.state.equations.premises) or self.link in (Link.IMPLIES, Link.EQUIVALENT)
        return stated or self.announced or is_parameter(left) or is_parameter(right)

    def _stands_alone(self, left: Expr) -> bool:
        """Whether the chain begins in this row, rather than going on from a gradient."""
        return self.state.head is left

    def _equation(self, left: Expr, right: Expr) -> Finding:
        unknown = self._unknown(left, right)
        residual = _residual(left, right)
        if self.judge.equation(left, right, unknown):
            self.state.equations.premises.append(Premise(residual, unknown, right=True))
            return RIGHT
        follows = left.shape == right.shape and self.state.equations.follows(left, right, unknown)
        if left.shape == right.shape:
            self.state.equations.premises.append(Premise(residual, unknown, right=False))
        if follows:
            return Finding(Verdict.FOLLOWS, "right, given an earlier row that is wrong")
        return self._wrong(left, right)

    def _not_identical(self, left: Expr, right: Expr) -> Finding:
        """A gradient or an objective that is not equal to what is written: perhaps to a multiple that is zero too."""
        for claimed, value in self.state.claims:
            if claimed == left and value.shape == right.shape and self.judge.same(value, right):
                return Finding(Verdict.FOLLOWS, "right, given an earlier row that is wrong")
        head = self.state.head if self.state.head is not None else left
        if has_derivative(head) and left.shape == right.shape and self._is_multiple(head, right):
            return Finding(
                Verdict.EQUATION,
                "holds only because the whole is set to zero: after the multiplication the left side is no longer "
                "the derivative",
            )
        self.state.claims.append((head, right))
        return self._wrong(left, right)

    def _is_multiple(self, head: Expr, side: Expr) -> bool:
        """Whether the gradient was set to zero before, and this vanishes at the solution as well."""
        premises = self.state.equations.premises
        stated = [premise.residual for premise in premises if premise.right and has_derivative(premise.residual)]
        if not any(residual.shape == head.shape and self.judge.same(residual, head) for residual in stated):
            return False
        unknown = self._variable_of(head)
        return self.state.equations.hold(*adjusted(side, mul(0, side)), unknown)

    def _wrong(self, left: Expr, right: Expr) -> Finding:
        if self.undecided:
            return Finding(Verdict.UNCHECKED, f"not decided: {self.undecided}")
        if left.shape != right.shape:
            says = f"the left side is {_shape(left)}, the right side {_shape(right)}"
            return Finding(Verdict.WRONG, says, sides=(left, right))
        return Finding(Verdict.WRONG, "the two sides are not equal", sides=(left, right), loose=self.constants)

    # something is zero

    def _zero(self, side: Expr) -> Finding:
        head = self.state.head if self.state.head is not None else side
        unknown = self._variable_of(head)
        unknown = self.state.variable if unknown is None else unknown
        equations = self.state.equations
        sides = adjusted(side, mul(0, side))
        if self.judge.same(*sides):
            return self._consequence(RIGHT)
        holds = equations.hold(*sides, unknown)
        if has_derivative(head):
            gradient = side if self.state.tainted or not has_derivative(head) else head
            equations.premises.append(Premise(gradient, unknown, right=holds))
            if gradient is not side:
                equations.premises.append(Premise(side, unknown, right=holds))
            return RIGHT
        follows = not holds and equations.follows(*sides, unknown)
        right = holds or equations.from_right(*sides, unknown)
        equations.premises.append(Premise(side, unknown, right=right))
        if right:
            return RIGHT
        if follows:
            return Finding(Verdict.FOLLOWS, "right, given an earlier row that is wrong")
        return Finding(Verdict.WRONG, "this is not zero at the solution", sides=sides)

    # other relations

    def _proportional(self, left: Expr, right: Expr) -> Finding:
        variables = self._variables(left, right)
        if self.judge.up_to_factor(left, right, variables) or self._over_components(left, right):
            return self._consequence(RIGHT)
        if self.judge.up_to_constant(left, right, variables):
            return self._consequence(Finding(Verdict.NOTICE, remarks=(PROPORTIONAL,)))
        return Finding(
            Verdict.WRONG, "the sides are neither proportional nor equal up to a constant", sides=(left, right)
        )

    def _over_components(self, left: Expr, right: Expr) -> bool:
        """Whether responsibilities are given up to their normalisation over the components."""
        k = self.judge.worlds.vocabulary.notation.k
        return any(index.size == k.size for index in left.free & right.free) and self._normalised(left, right)

    def _normalised(self, left: Expr, right: Expr) -> bool:
        from_sum = [
            index for index in left.free & right.free if index.size == self.judge.worlds.vocabulary.notation.k.size
        ]
        return any(self.judge.same(left, right / sum_over(index, right)) for index in from_sum)

    def _ordered(self, relation: str, left: Expr, right: Expr) -> Finding:
        low, high = (left, right) if relation in ("<", "<=") else (right, left)
        if left.shape.is_scalar and right.shape.is_scalar:
            if proved(low, high, self.judge):
                return self._consequence(RIGHT)
            if self.judge.violated(low, high):
                return Finding(Verdict.WRONG, f"the inequality {relation} does not hold", sides=(left, right))
        return Finding(Verdict.UNCHECKED, f"not checked: the inequality {relation} is not proved here")

    # about what

    def _variables(self, left: Expr, right: Expr) -> list[Family]:
        """In what a constant is constant: the parameter under discussion, else those on the right."""
        parameters = set(self.judge.worlds.vocabulary.model.parameters)
        mentioned = families_in(right) & parameters
        if self.state.variable is not None and self.state.variable in families_in(left):
            return [self.state.variable]
        return sorted(mentioned, key=lambda family: family.name)

    def _variable_of(self, head: Expr) -> Family | None:
        return differentiated_by(head)

    def _unknown(self, left: Expr, right: Expr) -> Family | None:
        for side in (left, right):
            if is_parameter(side):
                families = [f for f in families_in(side) if f.role in (Role.PARAMETER, Role.MULTIPLIER)]
                if families:
                    return families[0]
        return self.state.variable


def _is_definite(side: Expr) -> bool:
    """Whether it is a positive definite matrix by its domain, or the inverse of one."""
    inner = side.children[0] if isinstance(side, Inverse) else side
    return isinstance(inner, Symbol) and inner.family.domain.positive and inner.family.domain.side is not None


def differentiated_by(expr: Expr) -> Family | None:
    """Return the parameter by which a formula is differentiated, or whose inverse; None where it is not."""
    if isinstance(expr, Derivative):
        family = expr.symbol.family
        return family if family.inverse_of is None else family.inverse_of
    for child in expr.children:
        found = differentiated_by(child)
        if found is not None:
            return found
    return None


def _residual(left: Expr, right: Expr) -> Expr:
    return add(left, mul(-1, right)) if left.shape == right.shape else left


def _shape(expr: Expr) -> str:
    shape = expr.shape
    if shape.is_scalar:
        return "a scalar"
    if shape.is_column:
        return f"a vector of length {shape.rows}"
    return f"a matrix, {shape.rows} x {shape.cols}"


def combined(findings: list[Finding]) -> Finding:
    """Return one finding for a row."""
    return replace(worst(findings)) if findings else RIGHT
