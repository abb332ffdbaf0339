"""What a step claims: for each relation and move, the identities that must hold for the step to be true."""

from collections.abc import Callable
from fractions import Fraction

from derive.errors import StepRefusedError
from derive.language import ring
from derive.language.calculus_nodes import Derivative
from derive.language.expr import Expr, Number, add, mul
from derive.language.family import Symbol
from derive.language.functions import exp, inverse, log, sum_over
from derive.proof.active import complementary
from derive.proof.claim import Claim
from derive.proof.edge import at_the_end, attained
from derive.proof.highest import highest
from derive.proof.invertible import require_invertible
from derive.proof.root_claims import root_claims
from derive.proof.sign import positive
from derive.proof.step import (
    Active,
    Attained,
    Combined,
    Crosses,
    Ended,
    Exponentiated,
    Highest,
    JointlyLocated,
    Located,
    Logged,
    Multiplied,
    Relation,
    Rooted,
    Step,
    Summed,
)

ZERO = Number(Fraction(0))
EQUATIONS = (Relation.EQUIVALENT, Relation.IMPLIES)


def claims(step: Step, earlier: Callable[[int], Step]) -> list[Claim]:
    """Return the identities that make the step true; raises StepRefusedError for one that cannot follow as it says."""
    if step.relation is Relation.EQUAL:
        return [Claim(step.left, step.right)]
    if step.relation is Relation.EQUAL_UP_TO_CONSTANT:
        if step.variable is None:
            raise StepRefusedError(f"{step.place}: '= + const' needs the variable in which it is constant")
        what = f"the difference of the sides depends on {step.variable.name}"
        return [Claim(step.left, step.right, what, varied=step.variable)]
    if step.relation is Relation.AT_MOST:
        return [Claim(step.left, step.right, "the left side is larger", holds=_at_most)]
    if step.relation is Relation.AT_LEAST:
        return [Claim(step.left, step.right, "the left side is smaller", holds=lambda a, b: _at_most(b, a))]
    return _moved(step, _before(step, step.premise, earlier), earlier)


def _before(step: Step, number: int | None, earlier: Callable[[int], Step]) -> Step:
    """Return the step on which another rests: one that was written down before it."""
    if number is None:
        raise StepRefusedError(f"{step.place}: an equation needs the premise from which it follows")
    if not 1 <= number < step.number:
        raise StepRefusedError(f"{step.place}: its premise must be an earlier step, not ({number})")
    return earlier(number)


def residual(step: Step) -> Expr:
    """Return what an equation says is zero: left - right; of a gradient that is set to zero, the gradient.

    Raises StepRefusedError for a step that is neither: an identity or an inequality says nothing of the kind.
    """
    if step.relation in EQUATIONS:
        return add(step.left, mul(-1, step.right))
    if step.relation is Relation.EQUAL and isinstance(step.left, Derivative):
        return step.right
    raise StepRefusedError(f"{step.place}: no equation and no gradient, so it cannot be set to zero")


def _moved(  # noqa: C901 - one case a move
    step: Step, premise: Step, earlier: Callable[[int], Step]
) -> list[Claim]:
    one_way = step.relation is Relation.IMPLIES
    if isinstance(step.move, Attained) and one_way:
        return attained(step, premise, _before(step, step.move.bound, earlier))
    now, before = residual(step), residual(premise)
    match step.move:
        case Multiplied(left, right):
            require_invertible(step, (left, right))
            factors = [factor for factor in (left, right) if factor is not None]
            product = mul(*([left] if left is not None else []), before, *([right] if right is not None else []))
            found = [Claim(now, product, "the equation is not the premise times the factor")]
            return found + [Claim(inverse(factor), inverse(factor)) for factor in factors]  # fails where there is none
        case Summed(index) if one_way:
            return [Claim(now, sum_over(index, before), "the equation is not the premise summed")]
        case Combined(other, factor) if one_way:
            total = add(before, mul(factor, residual(_before(step, other, earlier))))
            return [Claim(now, total, "the value put back is not that of the other equation")]
        case Exponentiated() if premise.relation in EQUATIONS:
            what = "a side is not the exponential of the premise's"
            return [Claim(step.left, exp(premise.left), what), Claim(step.right, exp(premise.right), what)]
        case Logged() if premise.relation in EQUATIONS:
            if not (positive(premise.left) and positive(premise.right)):
                raise StepRefusedError(f"{step.place}: the sides are not known to be positive: they have no logarithm")
            what = "a side is not the logarithm of the premise's"
            return [Claim(step.left, log(premise.left), what), Claim(step.right, log(premise.right), what)]
        case Rooted() | Located() | Crosses() | JointlyLocated():
            return root_claims(step, before, lambda number: _before(step, number, earlier))
        case Active(constraints) if isinstance(step.left, Symbol):
            return complementary(step, step.left, before, constraints)
        case Ended(monotone, apart):
            return at_the_end(step, premise, _before(step, monotone, earlier), _before(step, apart, earlier))
        case Highest(excess, bounded) if one_way and isinstance(step.left, Symbol):
            return highest(step, premise, _before(step, excess, earlier), _before(step, bounded, earlier))
    if step.move is None:
        raise StepRefusedError(f"{step.place}: it does not say by what move it follows from its premise")
    raise StepRefusedError(f"{step.place}: its move does not give the relation {step.relation.value}")


def _at_most(a: ring.Scalar, b: ring.Scalar) -> bool:
    return ring.agree(a, b) or bool(a < b)
