"""A maximum at the end of a support, as claims: where the objective is finite it moves one way, up to that end."""

from derive.errors import StepRefusedError
from derive.language.calculus_nodes import Derivative
from derive.language.expr import Expr, Number, add, mul
from derive.language.family import Symbol
from derive.language.functions import sum_over
from derive.language.indicator import Support
from derive.language.reductions import Extreme
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
