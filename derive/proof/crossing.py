"""Equations whose left side changes its sign at most once, by a theorem, although it does not move one way.

A theorem states the left side in its own terms and what must hold of them; the step that rests on it claims that its
equation is this one.
"""

from collections.abc import Callable
from dataclasses import dataclass

from derive.errors import StepRefusedError
from derive.language.calculus_nodes import At
from derive.language.expr import Expr, add, mul, power
from derive.language.family import Symbol
from derive.language.functions import log, sum_over
from derive.language.index import Index
from derive.language.rewrite import mentions
from derive.language.root_of import RootOf
from derive.language.special import digamma
from derive.proof.claim import Claim
from derive.proof.sign import sign
from derive.proof.step import Crosses, Step


@dataclass(frozen=True)
class Theorem:
    """A function of one unknown that is positive below one point and negative above it, or keeps its sign.

    slope: the function, of the index of samples, their weights, their values and the unknown; holds: whether weights
    and values are as the theorem needs them; says: the theorem in words.
    """

    slope: Callable[[Index, Expr, Expr, Symbol], Expr]
    holds: Callable[[Expr, Expr, Symbol], bool]
    says: str
    source: str


def _of_counts(index: Index, weight: Expr, count: Expr, size: Symbol) -> Expr:
    total, successes = sum_over(index, weight), sum_over(index, mul(weight, count))
    terms = add(sum_over(index, mul(weight, digamma(add(count, size)))), mul(-1, digamma(size), total))
    part = mul(size, total, power(add(mul(size, total), successes), -1))
    return add(terms, mul(log(part), total))


def _counts_with_weights(weight: Expr, count: Expr, size: Symbol) -> bool:
    proved = sign(weight)
    whole = isinstance(count, Symbol) and count.family.domain.integer and count.family.domain.nonnegative
    return whole and size.positive and proved is not None and proved.sign > 0


THEOREMS = {
    "negative binomial size": Theorem(
        _of_counts,
        _counts_with_weights,
        "for counts this changes its sign once, from plus to minus, where their variance exceeds their mean, and keeps "
        "it otherwise",
        "levin1977",
    )
}


def crosses(step: Step, before: Expr, move: Crosses) -> list[Claim]:
    """Return what must hold: the equation is the theorem's, and the root solves it."""
    unknown, root, theorem = step.left, step.right, THEOREMS.get(move.theorem)
    if theorem is None:
        raise StepRefusedError(f"{step.place}: no theorem is called {move.theorem!r}")
    if not isinstance(unknown, Symbol) or not isinstance(root, RootOf) or root.unknown != unknown:
        raise StepRefusedError(f"{step.place}: {step.left} is not what its equation was solved for")
    if root.slope.free - set(unknown.indices) or move.index in unknown.indices:
        raise StepRefusedError(f"{step.place}: the equation leaves an index free")
    if any(part.contains(mentions(unknown.family)) for part in (move.weight, move.value)):
        raise StepRefusedError(f"{step.place}: weights and values depend on {unknown}")
    if not theorem.holds(move.weight, move.value, unknown):
        raise StepRefusedError(f"{step.place}: the conditions of its theorem are not known to hold")
    stated = theorem.slope(move.index, move.weight, move.value, unknown)
    return [
        Claim(At(before, unknown, root), mul(0, before), "the root does not solve the premise"),
        Claim(root.slope, stated, "the equation is not that of the theorem"),
    ]
