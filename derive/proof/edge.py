"""A maximum at the end of a support, as claims: where the objective is finite it moves one way, up to that end."""

from derive.errors import StepRefusedError
from derive.language.calculus_nodes import At, Derivative, in_full
from derive.language.expr import Expr, Number, add, mul
from derive.language.family import Symbol
from derive.language.functions import sum_over
from derive.language.indicator import Support
from derive.language.reductions import Extreme
from derive.language.rewrite import mentions, terms
from derive.proof.claim import Claim
from derive.proof.sign import sign
from derive.proof.step import Relation, Step


def barrier(extreme: Extreme, unknown: Symbol) -> Expr:
    """Return what is zero where every value with weight lies on its side of the unknown, else minus infinity."""
    sides = (extreme.value, unknown) if extreme.largest else (unknown, extreme.value)
    return sum_over(extreme.index, mul(extreme.weight, Support(*sides)))


def at_the_end(step: Step, premise: Step, monotone: Step, apart: Step) -> list[Claim]:
    """Return what must hold: the objective is a finite part and a barrier, the finite part moves towards the barrier.

    The barrier is then zero from the extreme of the values that carry weight on, by the definition of the extreme.
    """
    unknown, found, slope = step.left, step.right, premise.left
    if not isinstance(unknown, Symbol) or not isinstance(found, Extreme) or found.free - set(unknown.indices):
        raise StepRefusedError(f"{step.place}: {found} is no extreme of values for {unknown}")
    if not isinstance(slope, Derivative) or slope.symbol != unknown or premise.relation is not Relation.EQUAL:
        raise StepRefusedError(f"{step.place}: its premise is not the derivative in {unknown}")
    towards = Relation.AT_MOST if found.largest else Relation.AT_LEAST
    if monotone.relation is not towards or not isinstance(monotone.right, Number) or monotone.right.value:
        raise StepRefusedError(f"{step.place}: step ({monotone.number}) does not say that it moves towards the end")
    weight = sign(found.weight)
    if weight is None or weight.sign < 0:
        raise StepRefusedError(f"{step.place}: {found.weight} is not shown to be zero or more")
    if apart.relation is not Relation.EQUAL:
        raise StepRefusedError(f"{step.place}: step ({apart.number}) does not take the barrier apart")
    barred = barrier(found, unknown)
    for index in reversed(unknown.indices):
        barred = sum_over(index, barred)
    return [
        Claim(apart.right, add(slope.body, barred), "the barrier is not that of this extreme"),
        Claim(premise.right, monotone.left, "the step on the sign is not about this derivative"),
    ]


def attained(step: Step, premise: Step, bound: Step) -> list[Claim]:
    """Return what must hold: Q at this value less Q is what the premise says, and that is shown to be at least zero."""
    unknown, value = step.left, step.right
    if not isinstance(unknown, Symbol) or value.free - set(unknown.indices) or value.contains(mentions(unknown.family)):
        raise StepRefusedError(f"{step.place}: {value} is no value of {unknown}")
    points = [part for part in terms(premise.left) if isinstance(part, At)]
    if premise.relation is not Relation.EQUAL or len(points) != 1:
        raise StepRefusedError(f"{step.place}: its premise does not compare the objective at this value")
    (at,) = points
    if premise.left != add(at, mul(-1, at.body)) or at.symbol != unknown or in_full(at.value) != in_full(value):
        raise StepRefusedError(f"{step.place}: its premise does not compare the objective at this value")
    if bound.relation is not Relation.AT_LEAST or not isinstance(bound.right, Number) or bound.right.value:
        raise StepRefusedError(f"{step.place}: step ({bound.number}) does not bound it by zero")
    return [Claim(premise.right, bound.left, "the step on the sign is not about this difference")]
