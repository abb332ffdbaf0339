"""A global maximum as claims: it lies in the domain, and the objective is nowhere larger."""

from fractions import Fraction

from derive.errors import StepRefusedError
from derive.language.calculus_nodes import At, Derivative, in_full
from derive.language.domain import Real
from derive.language.expr import Expr, Number, add, mul
from derive.language.family import Symbol
from derive.proof.claim import Claim
from derive.proof.step import Relation, Step

ZERO = Number(Fraction(0))


def highest(step: Step, gradient: Step, excess: Step, bounded: Step) -> list[Claim]:
    """Return what must hold: the value is admissible, and the objective there exceeds it elsewhere by ``excess``.

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
    return [_admissible(step, unknown, gradient.right), Claim(excess.left, excess.right, "the excess is another one")]


def _admissible(step: Step, unknown: Symbol, slope: Expr) -> Claim:
    """The value lies in the domain: on the sphere, or where nothing is asked of it, where the gradient vanishes."""
    value, domain = step.right, unknown.family.domain
    if domain.unit:
        return Claim(mul(value.transposed(), value), Number(Fraction(1)), "the value does not have length one")
    if type(domain) is not Real:
        raise StepRefusedError(f"{step.place}: nothing says that {value} lies in the domain of {unknown}")
    at_value: Expr = At(slope, unknown, value)
    return Claim(at_value, mul(0, at_value), "the gradient does not vanish")
