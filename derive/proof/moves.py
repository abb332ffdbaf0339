"""What a step claims: for each relation and move, the identities that must hold for the step to be true."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

from derive.errors import StepRefusedError
from derive.language import ring
from derive.language.calculus_nodes import At, Derivative
from derive.language.expr import Expr, Number, add, mul
from derive.language.family import Symbol
from derive.language.functions import exp, inverse, log, sum_over
from derive.language.polynomial import coefficients_by_exponent
from derive.language.root_of import RootOf
from derive.proof.active import complementary
from derive.proof.claim import Claim
from derive.proof.edge import at_the_end, attained
from derive.proof.highest import highest
from derive.proof.invertible import require_invertible
from derive.proof.sign import positive, sign
from derive.proof.step import (
    Active,
    Attained,
    Combined,
    Ended,
    Exponentiated,
    Highest,
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


def _moved(  # noqa: C901, PLR0912 - one case a move
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
        case Rooted() if isinstance(step.left, Symbol):
            _require_only_root(step, before)
            return [Claim(At(before, step.left, step.right), ZERO, "the root does not solve the premise")]
        case Located(monotone) if isinstance(step.left, Symbol) and isinstance(step.right, RootOf):
            return _located(step, before, _before(step, monotone, earlier))
        case Active(constraints) if isinstance(step.left, Symbol):
            return complementary(step, step.left, before, constraints)
        case Ended(monotone, apart):
            return at_the_end(step, premise, _before(step, monotone, earlier), _before(step, apart, earlier))
        case Highest(excess, bounded) if one_way and isinstance(step.left, Symbol):
            return highest(step, premise, _before(step, excess, earlier), _before(step, bounded, earlier))
    if step.move is None:
        raise StepRefusedError(f"{step.place}: it does not say by what move it follows from its premise")
    raise StepRefusedError(f"{step.place}: its move does not give the relation {step.relation.value}")


def _located(step: Step, before: Expr, monotone: Step) -> list[Claim]:
    """The root solves the premise, and its slope moves one way: what the step on its sign bounds is its derivative."""
    unknown, root = step.left, step.right
    if not isinstance(unknown, Symbol) or not isinstance(root, RootOf) or root.unknown != unknown:
        raise StepRefusedError(f"{step.place}: {step.left} is not what its equation was solved for")
    if monotone.relation not in (Relation.AT_MOST, Relation.AT_LEAST) or monotone.right != ZERO:
        raise StepRefusedError(f"{step.place}: step ({monotone.number}) does not bound a derivative by zero")
    if root.slope.free - set(unknown.indices):
        raise StepRefusedError(f"{step.place}: the equation leaves an index free")
    slope = Derivative(root.slope, unknown)
    return [
        Claim(At(before, unknown, root), ZERO, "the root does not solve the premise"),
        Claim(slope, monotone.left, "the step on the sign is not about the derivative of this equation"),
    ]


def _require_only_root(step: Step, before: Expr) -> None:
    """Refuse a root unless there is one positive root (Descartes: one change of sign), and this is positive."""
    unknown = step.left
    if not isinstance(unknown, Symbol) or not unknown.positive or not step.right.free <= set(unknown.indices):
        raise StepRefusedError(f"{step.place}: {unknown} has no domain that singles out one root")
    found = coefficients_by_exponent(before, unknown)
    signs = [sign(total) for _, total in sorted((found or {}).items())]
    proved = [signed.sign for signed in signs if signed is not None]
    changes = sum(a != b for a, b in pairwise(proved))
    if found is None or len(proved) != len(signs) or changes != 1:
        raise StepRefusedError(f"{step.place}: nothing says that the premise has exactly one positive root")
    signed, assumed = sign(step.right), any(assumption.expr == step.right for assumption in step.assumptions)
    if not positive(step.right) and not (assumed and signed is not None and signed.sign > 0):
        raise StepRefusedError(f"{step.place}: nothing says that {step.right} is positive")


def _at_most(a: ring.Scalar, b: ring.Scalar) -> bool:
    return ring.agree(a, b) or bool(a < b)
