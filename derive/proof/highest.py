"""A global maximum as claims: the gradient vanishes there, and the objective is nowhere larger."""

from fractions import Fraction

from derive.errors import StepRefusedError
from derive.language.calculus_nodes import At, Derivative, in_full
from derive.language.expr import Expr, Number, add, mul
from derive.language.family import Symbol
from derive.proof.claim import Claim
from derive.proof.step import Relation, Step

ZERO = Number(Fraction(0))


def highest(step: Step, gradient: Step, excess: Step, bounded: Step) -> list[Claim]:
    """Return what must hold: the gradient vanishes at the value, and the objective there exceeds it by ``excess``.

    Raises StepRefusedError where the steps named are not about this objective, or do not bound its excess by zero.
    """
    unknown, value, place = step.left, step.right, step.place
    if not isinstance(unknown, Symbol) or not value.free <= set(unknown.indices):
        raise StepRefusedError(f"{place}: {unknown} has no value of its own here")
    if not isinstance(gradient.left, Derivative) or gradient.left.symbol != unknown:
        raise StepRefusedError(f"{place}: step ({gradient.number}) is not the gradient in {unknown}")
    objective = gradient.left.body
    difference = add(At(objective, unknown, value), mul(-1, objective))
    if excess.relation is not Relation.EQUAL or in_full(excess.left) != in_full(difference):
        raise StepRefusedError(f"{place}: step ({excess.number}) does not state by how much the value exceeds others")
    if bounded.relation is not Relation.AT_LEAST or (bounded.left, bounded.right) != (excess.right, ZERO):
        raise StepRefusedError(f"{place}: step ({bounded.number}) does not show that this excess is not negative")
    slope: Expr = At(gradient.right, unknown, value)
    return [
        Claim(slope, mul(0, slope), "the gradient does not vanish"),
        Claim(excess.left, excess.right, "the excess is another one"),
    ]
