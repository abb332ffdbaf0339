"""What must be shown of a root: that it solves its equations, and that there is no other."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from derive.errors import StepRefusedError
from derive.language.calculus_nodes import At, Derivative
from derive.language.expr import Expr, Number
from derive.language.family import Symbol
from derive.language.joint import JointRoot, JointSecondDifferential
from derive.language.polynomial import coefficients_by_exponent
from derive.language.root_of import RootOf
from derive.proof.claim import Claim
from derive.proof.crossing import crosses
from derive.proof.sign import positive, sign
from derive.proof.step import Crosses, JointlyLocated, Located, Relation, Step

ZERO = Number(Fraction(0))
Earlier = Callable[[int], Step]


def root_claims(step: Step, before: Expr, earlier: Earlier) -> list[Claim]:
    """Return the identities that make a root true; raises StepRefusedError where nothing says that it is the only one.

    before: what the premise says is zero.
    """
    match step.move:
        case Located(monotone):
            return _located(step, before, earlier(monotone))
        case Crosses():
            return crosses(step, before, step.move)
        case JointlyLocated(slopes, concave):
            return _jointly(step, list(map(earlier, slopes)), earlier(concave))
    if not isinstance(step.left, Symbol):
        raise StepRefusedError(f"{step.place}: a root is the value of a symbol, not of {step.left}")
    _require_only_root(step, before)
    return [Claim(At(before, step.left, step.right), ZERO, "the root does not solve the premise")]


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


def _jointly(step: Step, slopes: list[Step], concave: Step) -> list[Claim]:
    """All slopes of one quantity vanish at the joint root, and that quantity is concave along all unknowns at once."""
    root = step.right
    if not isinstance(root, JointRoot) or root.unknown != step.left or len(slopes) != len(root.unknowns):
        raise StepRefusedError(f"{step.place}: {step.left} is not what its equations were solved for")
    if concave.relation is not Relation.AT_MOST or concave.right != ZERO:
        raise StepRefusedError(f"{step.place}: step ({concave.number}) does not bound a second differential by zero")
    bodies = {slope.left.body for slope in slopes if isinstance(slope.left, Derivative)}
    of = tuple(slope.left.symbol for slope in slopes if isinstance(slope.left, Derivative))
    if len(bodies) != 1 or of != root.unknowns or any(slope.relation is not Relation.EQUAL for slope in slopes):
        raise StepRefusedError(f"{step.place}: its slopes are not those of one quantity in all unknowns")
    families = tuple(symbol.family for symbol in root.unknowns)
    along = {symbol.family.differential_of: symbol.family for symbol in _differentials(concave.left)}
    if not all(family in along for family in families):
        raise StepRefusedError(f"{step.place}: step ({concave.number}) is not about all unknowns at once")
    second = JointSecondDifferential(bodies.pop(), families, tuple(along[family] for family in families))
    found = [Claim(second, concave.left, f"step ({concave.number}) does not bound the second differential")]
    for slope in slopes:
        at: Expr = slope.right
        for unknown in root.unknowns:
            at = At(at, unknown, replace(root, unknown=unknown))
        found.append(Claim(at, ZERO, "the joint root does not solve the equations"))
    return found


def _differentials(expr: Expr) -> list[Symbol]:
    here = [expr] if isinstance(expr, Symbol) and expr.family.differential_of is not None else []
    return here + [found for child in expr.children for found in _differentials(child)]


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
