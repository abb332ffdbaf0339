"""Inequalities: proved by signs, or by the divergence between responsibilities and posterior, which is Jensen's."""

from collections.abc import Iterator

from derive.checking.derivations.judge import Judge
from derive.checking.derivations.worlds import UndecidableError
from derive.em.notation import Notation
from derive.language.expr import Expr, add, mul
from derive.language.family import Symbol
from derive.language.functions import exp, inverse, log, sum_over
from derive.language.index import Index
from derive.language.rewrite import rename
from derive.proof.sign import positive, sign


def proved(low: Expr, high: Expr, judge: Judge) -> bool:
    """Whether low <= high is proved; both are scalars."""
    gap = add(high, mul(-1, low))
    signed = sign(gap)
    if (low == mul(0, low) and positive(high)) or (signed is not None and signed.sign >= 0):
        return True
    return any(_same(gap, divergence, judge) for divergence in _divergences(gap, judge.notation))


def _divergences(gap: Expr, notation: Notation) -> Iterator[Expr]:
    """sum_k q_nk log(q_nk / p(k | x_n)), of one sample or all: Bishop (2006), (9.70) to (9.72)."""
    n, k = notation.n, notation.k
    joint = exp(notation.model.log_joint)
    posterior = mul(joint, inverse(sum_over(k, joint)))
    samples: list[Index] = [index for index in gap.ordered_free if index.size == n.size]
    for family in (notation.gamma, notation.q):
        weight = Symbol(family, (n, k))
        of_one = sum_over(k, mul(weight, log(mul(weight, inverse(posterior)))))
        yield rename(of_one, {n: samples[0]}) if samples else sum_over(n, of_one)


def _same(gap: Expr, divergence: Expr, judge: Judge) -> bool:
    try:
        return gap.free == divergence.free and judge.identical(gap, divergence)
    except UndecidableError:
        return False
