"""The conditions of Karush, Kuhn and Tucker as claims: what makes a point on the edge of an interval a solution."""

from fractions import Fraction

from derive.errors import StepRefusedError
from derive.language.calculus_nodes import At, Derivative
from derive.language.expr import Expr, Number, mul
from derive.language.family import Symbol
from derive.language.rewrite import collect, mentions, substitute
from derive.proof.bounds import ends
from derive.proof.claim import Claim
from derive.proof.sign import sign
from derive.proof.step import Constraint, Step

ZERO = Number(Fraction(0))


def complementary(step: Step, unknown: Symbol, before: Expr, constraints: tuple[Constraint, ...]) -> list[Claim]:
    """Return what must hold: the gradient vanishes, each multiplier belongs to its slack, and one of both is zero.

    That neither is negative is proved here: raises StepRefusedError where it is not.
    """
    if not constraints or not step.right.free <= set(unknown.indices):
        raise StepRefusedError(f"{step.place}: it names no constraint, or leaves an index free")
    gradient: Expr = At(before, unknown, step.right)
    found: list[Claim] = []
    for constraint in constraints:
        slack, multiplier, value = constraint.slack, constraint.multiplier, constraint.value
        if slack not in {end.slack for end in ends(unknown)}:
            raise StepRefusedError(f"{step.place}: {slack} >= 0 is not what the domain of {unknown} asks")
        if not isinstance(multiplier, Symbol) or multiplier == unknown or value.contains(mentions(unknown.family)):
            raise StepRefusedError(f"{step.place}: {multiplier} = {value} is no multiplier and its value")
        at_solution = collect(substitute(slack, unknown, step.right))
        for expr in (at_solution, value):
            proved = sign(expr)
            if proved is None or proved.sign < 0:
                raise StepRefusedError(f"{step.place}: {expr} is not shown to be zero or more")
        gradient = At(gradient, multiplier, value)
        found += [
            Claim(mul(at_solution, value), ZERO, f"neither {slack} nor {multiplier} is zero"),
            Claim(Derivative(before, multiplier), Derivative(slack, unknown), f"{multiplier} is not that of {slack}"),
        ]
    return [Claim(gradient, mul(0, gradient), "the gradient of the Lagrangian does not vanish"), *found]
