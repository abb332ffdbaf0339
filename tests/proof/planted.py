"""False variants of true steps, each named by its step and by what was done to it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from derive.language.calculus_nodes import At, Gap, Named
from derive.language.expr import Expr, Number, add, mul
from derive.language.functions import log
from derive.proof.step import Assumption, Combined, Multiplied, Relation, Step, Summed
from tests.proof import edits
from tests.proof.derivations import find, mixture
from tests.proof.edits import Edit

FULL, TIED, DIAGONAL, BALL, LINE = (
    "gaussian-full",
    "gaussian-tied",
    "gaussian-diagonal",
    "gaussian-spherical",
    "gaussian-1d",
)
MU, SIGMA, PI, E = "for mu", "for Sigma", "for pi", "E-step"
ONE = Number(Fraction(1))
Change = Callable[[Step], Step]


@dataclass(frozen=True)
class Planted:
    """A step of a model by rule, section and place among several, and a change that makes it false."""

    what: str
    model: str
    rule: str
    section: str
    change: Change
    nth: int = 0

    @property
    def name(self) -> str:
        return "-".join((self.model, *self.section.split(), self.rule, str(self.nth), *self.what.split()))

    @property
    def step(self) -> Step:
        return find(self.model, self.rule, self.section, self.nth)


def right(edit: Edit) -> Change:
    return lambda step: replace(step, right=edit(step.right))


def left(edit: Edit) -> Change:
    return lambda step: replace(step, left=edit(step.left))


def relation(other: Relation) -> Change:
    return lambda step: replace(step, relation=other)


def factor(edit: Edit) -> Change:
    """Edit the factor of the move, and leave the formula."""

    def change(step: Step) -> Step:
        move = step.move
        if isinstance(move, Combined):
            return replace(step, move=replace(move, factor=edit(move.factor)))
        assert isinstance(move, Multiplied)
        return replace(step, move=replace(move, left=edit(ONE if move.left is None else move.left)))

    return change


def times(number: Callable[[Step], Expr], *, assumptions: tuple[Assumption, ...] = ()) -> Change:
    """Multiply equation and move by the same factor, which cannot be divided by."""

    def change(step: Step) -> Step:
        assert isinstance(step.move, Multiplied)
        extra = number(step)
        move = replace(step.move, left=mul(extra, ONE if step.move.left is None else step.move.left))
        return replace(
            step, left=mul(extra, step.left), right=mul(extra, step.right), move=move, assumptions=assumptions
        )

    return change


def member(name: str) -> Callable[[Step], Expr]:
    def make(step: Step) -> Expr:
        return next(family.symbol for family in mixture(LINE).families if family.name == name)

    return make


def zero(step: Step) -> Expr:
    return mul(0, ONE)


def one_side_multiplied(step: Step) -> Step:
    assert isinstance(step.move, Multiplied)
    return replace(step, move=replace(step.move, right=None))


def sampled_sign(step: Step) -> Step:
    """Write the gap as what it is, so that only sampling could say that it is not negative."""

    def opened(e: Expr) -> Expr:
        return add(e.children[0], -1, mul(-1, log(e.children[0])))

    return replace(step, left=edits.first(lambda e: isinstance(e, Gap), opened)(step.left))


def other_variable(step: Step) -> Step:
    return replace(step, variable=next(family for family in mixture(LINE).families if family.name == "sigma2"))


def summed_over_samples(step: Step) -> Step:
    return replace(step, move=Summed(mixture(FULL).sample))


def old_multiplier(step: Step) -> Step:
    """Put back the equation for the multiplier before it was solved."""
    assert isinstance(step.move, Combined)
    return replace(step, move=replace(step.move, other=step.move.other - 2))


def put_back_other(edit: Edit) -> Change:
    """Put another value back into the gradient."""

    def change(step: Step) -> Step:
        at = step.left
        assert isinstance(at, At)
        return replace(step, left=At(at.body, at.symbol, edit(at.value)))

    return change


def redefined(edit: Edit) -> Change:
    """Change what a named quantity on the left stands for."""
    inside = edits.first(lambda e: isinstance(e, Named), lambda e: e.rebuild(edit(e.children[0])))
    return lambda step: replace(step, left=inside(step.left))


half, double, negated = edits.scaled(Fraction(1, 2)), edits.scaled(2), edits.scaled(-1)
EQUAL, UP_TO = Relation.EQUAL, Relation.EQUAL_UP_TO_CONSTANT

STATED = (
    Planted("sign of the form", FULL, "log-density", "The model", right(edits.sign_of_term())),
    Planted("inverse lost", FULL, "log-density", "The model", right(edits.inverse_lost)),
    Planted("determinant lost", FULL, "log-density", "The model", right(edits.determinant_lost)),
    Planted("constant lost", BALL, "log-density", "The model", right(edits.term_dropped(0))),
    Planted("K for D", TIED, "log-density", "The model", right(edits.size_changed("D", "K"))),
    Planted("square lost", LINE, "log-density", "The model", right(edits.square_lost)),
    Planted("log of the weight lost", FULL, "log-joint", "The model", right(edits.log_lost)),
    Planted("index j for k", FULL, "log-joint", "The model", right(edits.index_changed("pi", "k", "j"))),
    Planted("sum over k dropped", FULL, "log-likelihood", "The model", right(edits.sum_dropped("k"))),
    Planted("sum over n dropped", FULL, "log-likelihood", "The model", right(edits.sum_dropped("n"))),
    Planted("log lost", LINE, "log-likelihood", "The model", right(edits.log_lost)),
)
E_STEP = (
    Planted("sign of the entropy", FULL, "free-energy", E, right(edits.sign_of_term())),
    Planted("another component", FULL, "relative-entropy", E, right(edits.index_changed("q", "k", "j"))),
    Planted("same member twice", FULL, "relative-entropy", E, right(edits.index_changed("l", "j", "k"))),
    Planted("not above but below", FULL, "log-inequality", E, relation(Relation.AT_MOST)),
    Planted("sign by sampling only", FULL, "log-inequality", E, sampled_sign),
    Planted("sign of the multiplier", FULL, "differentiate", E, right(edits.sign_of_term(2))),
    Planted("one forgotten", FULL, "differentiate", E, right(edits.term_dropped())),
    Planted("log lost", FULL, "differentiate", E, right(edits.log_lost)),
    Planted("multiplier of another sample", FULL, "differentiate", E, right(edits.index_changed("nu", "n", "m"))),
    Planted("wrong factor", FULL, "isolate", E, factor(half)),
    Planted("sign", FULL, "isolate", E, right(edits.sign_of_term())),
    Planted("one side only", FULL, "exponentiate", E, right(double)),
    Planted("logs instead", FULL, "exponentiate", E, lambda step: replace(step, left=log(step.left))),
    Planted("sum over k dropped", FULL, "sum-constraint", E, right(edits.sum_dropped("k"))),
    Planted("summed over n", FULL, "sum-constraint", E, summed_over_samples),
    Planted("equivalent where only implied", FULL, "sum-constraint", E, relation(Relation.EQUIVALENT)),
    Planted("k for j below", FULL, "substitute-multiplier", E, right(edits.index_changed("l", "j", "k"))),
    Planted("wrong factor", FULL, "substitute-multiplier", E, factor(double)),
    Planted("reciprocal lost", FULL, "substitute-multiplier", E, right(edits.reciprocal_lost)),
    Planted("weight forgotten", FULL, "bayes", E, right(edits.index_changed("pi", "k", "j"))),
    Planted("sign", FULL, "second-differential", E, right(negated)),
    Planted("square lost", FULL, "second-differential", E, right(edits.square_lost)),
    Planted("positive where negative", FULL, "concave", E, relation(Relation.AT_LEAST)),
    Planted("half the likelihood", FULL, "tight", E, right(half)),
    Planted("not the posterior", FULL, "tight", E, put_back_other(edits.index_changed("l", "j", "k"))),
)
OBJECTIVE = (
    Planted("expectation without sum over k", FULL, "expectation", "Objective", right(edits.sum_dropped("k"))),
    Planted("factor", FULL, "expectation", "Objective", right(double)),
    Planted("sign of the entropy", FULL, "free-energy-at-responsibilities", "Objective", right(edits.sign_of_term())),
    Planted("entropy dropped", FULL, "free-energy-at-responsibilities", "Objective", right(edits.term_dropped())),
    Planted("definition changed", TIED, "objective", "Objective", redefined(half)),
)
LOCATION = (
    Planted("constant missing in =", FULL, "drop-constants", MU, relation(EQUAL)),
    Planted("constant in another variable", LINE, "drop-constants", MU, other_variable),
    Planted("factor", FULL, "drop-constants", MU, right(double)),
    Planted("sum over k kept", TIED, "collapse-sum", MU, right(edits.index_changed("gamma", "k", "j"))),
    Planted("factor 2", FULL, "differentiate", MU, right(double)),
    Planted("sign", FULL, "differentiate", MU, right(negated)),
    Planted("inverse lost", FULL, "differentiate", MU, right(edits.inverse_lost)),
    Planted("sum over n dropped", FULL, "differentiate", MU, right(edits.sum_dropped("n"))),
    Planted("transpose dropped", "square-design", "differentiate", MU, right(edits.transpose_dropped)),
    Planted("order", "square-design", "differentiate", MU, right(edits.reversed_word)),
    Planted("reciprocal lost", LINE, "differentiate", MU, right(edits.reciprocal_lost)),
    Planted("wrong factor", FULL, "clear-invertible-factors", MU, factor(double)),
    Planted("no factor", FULL, "clear-invertible-factors", MU, lambda s: replace(s, move=Multiplied())),
    Planted("zero factor", LINE, "clear-invertible-factors", MU, times(zero)),
    Planted(
        "zero factor, assumed away", LINE, "gather", MU, times(zero, assumptions=(Assumption(mul(0, ONE), "0 ≠ 0"),))
    ),
    Planted("factor of unknown sign", LINE, "gather", MU, times(member("mu"))),
    Planted("N for N_k", LINE, "gather", MU, left(edits.count_for_size("N"))),
    Planted("sign", FULL, "gather", MU, left(negated)),
    Planted("N for N_k", FULL, "isolate", MU, right(edits.count_for_size("N"))),
    Planted("reciprocal lost", DIAGONAL, "isolate", MU, right(edits.reciprocal_lost)),
    Planted("another component", FULL, "isolate", MU, right(edits.index_changed("gamma", "k", "j", 1))),
    Planted("assumption dropped", FULL, "isolate", MU, lambda s: replace(s, assumptions=())),
    Planted("inverse lost", "square-design", "isolate", MU, right(edits.inverse_lost)),
    Planted("another value put back", FULL, "solution", MU, put_back_other(double)),
    Planted("N for N_k put back", BALL, "solution", MU, put_back_other(edits.count_for_size("N"))),
    Planted("inverse lost", FULL, "second-differential", MU, right(edits.inverse_lost)),
    Planted("minimum", FULL, "concave", MU, relation(Relation.AT_LEAST)),
    Planted("square lost", LINE, "second-differential", MU, right(edits.square_lost)),
)
SPREAD = (
    Planted("sign of the determinant", FULL, "change-of-variable", SIGMA, right(edits.sign_of_term(0))),
    Planted("transposed product", FULL, "trace-trick", SIGMA, right(edits.trace_squared)),
    Planted("collapsed where shared", TIED, "collapse-sum", SIGMA, right(edits.sum_dropped("k"))),
    Planted("factor 1/2 lost", FULL, "differentiate", SIGMA, right(double)),
    Planted("inner for outer", FULL, "differentiate", SIGMA, right(edits.outer_turned_inner)),
    Planted("inverse lost", FULL, "differentiate", SIGMA, right(edits.inverse_lost), 1),
    Planted("diagonal lost", DIAGONAL, "differentiate", SIGMA, right(edits.diagonal_lost)),
    Planted("trace lost", BALL, "differentiate", SIGMA, right(edits.inner_turned_outer)),
    Planted("1/D lost", BALL, "differentiate", SIGMA, right(edits.reciprocal_lost)),
    Planted("K for D", BALL, "differentiate", SIGMA, right(edits.size_changed("D", "K"))),
    Planted("one side only", FULL, "clear-invertible-factors", SIGMA, one_side_multiplied, 1),
    Planted("N for N_k", FULL, "gather", SIGMA, left(edits.count_for_size("N"))),
    Planted("K for N", TIED, "responsibilities-sum-to-one", SIGMA, left(edits.size_changed("N", "K"))),
    Planted("N_k for N", TIED, "isolate", SIGMA, right(edits.sum_dropped("k"))),
    Planted("inner for outer", FULL, "isolate", SIGMA, right(edits.outer_turned_inner)),
    Planted("diagonal lost", DIAGONAL, "isolate", SIGMA, right(edits.diagonal_lost)),
    Planted("sum over n dropped", DIAGONAL, "isolate", SIGMA, right(edits.sum_dropped("n", 1))),
    Planted("another mean", FULL, "isolate", SIGMA, right(edits.index_changed("mu", "k", "j"))),
    Planted("square lost", LINE, "isolate", "for sigma2", right(edits.square_lost)),
    Planted("factor 2", FULL, "two-ways-meet", SIGMA, right(double)),
    Planted("factor 1/2 lost", FULL, "second-differential", SIGMA, right(double)),
    Planted("not a square", FULL, "sum-of-squares", SIGMA, right(half)),
    Planted("negative definite", FULL, "semidefinite", SIGMA, relation(Relation.AT_MOST)),
    Planted("another value put back", TIED, "solution", SIGMA, put_back_other(half)),
    Planted("negative root", "standard-deviation", "admissible-root", "for sigma", right(negated)),
    Planted("twice the root", "standard-deviation", "admissible-root", "for sigma", right(double)),
)
WEIGHTS = (
    Planted("constant missing in =", DIAGONAL, "drop-constants", PI, relation(EQUAL)),
    Planted("multiplier dropped", FULL, "differentiate", PI, right(edits.term_dropped())),
    Planted("multiplier's sign", LINE, "differentiate", PI, right(edits.sign_of_term())),
    Planted("sum over n dropped", FULL, "isolate", PI, right(edits.sum_dropped("n"))),
    Planted("summed over n", FULL, "sum-constraint", PI, summed_over_samples),
    Planted("sum over k dropped", FULL, "sum-constraint", PI, right(edits.sum_dropped("k"))),
    Planted("K for N", FULL, "responsibilities-sum-to-one", PI, right(edits.size_changed("N", "K"))),
    Planted("old multiplier", FULL, "substitute-multiplier", PI, old_multiplier),
    Planted("K for N", FULL, "substitute-multiplier", PI, right(edits.size_changed("N", "K"))),
    Planted("N lost", FULL, "substitute-multiplier", PI, right(edits.reciprocal_lost)),
    Planted("equivalent where only implied", FULL, "substitute-multiplier", PI, relation(Relation.EQUIVALENT)),
    Planted("square lost", BALL, "second-differential", PI, right(edits.square_lost)),
    Planted("multiplier K put back", FULL, "solution", PI, put_back_other(edits.size_changed("N", "K"))),
    Planted("negative", FULL, "nonnegative", PI, relation(Relation.AT_MOST)),
)
PLANTED = STATED + E_STEP + OBJECTIVE + LOCATION + SPREAD + WEIGHTS
