"""Sums over a plate put together: the value stays, and the form is the shorter one."""

import pytest

from derive.language import Binary, Data, Expr, Index, Known, Parameter, log, sum_over
from derive.language.evaluate import Evaluator
from derive.language.merge import gather_sums, merge_sums
from derive.language.world import World

n, k = Index("n", "N"), Index("k", "K")
x, w, a = Data("x", n, domain=Binary), Known("w", n, k), Parameter("a", k)
total = sum_over(n, w[n, k])

MERGED: dict[str, tuple[Expr, Expr]] = {
    "complements": (sum_over(n, w[n, k] * x[n]) + sum_over(n, w[n, k] * (1 - x[n])), total),
    "with a number": (2 * sum_over(n, w[n, k] * x[n]) + 2 * sum_over(n, w[n, k] * (1 - x[n])), 2 * total),
    "cancelling": (sum_over(n, w[n, k] * x[n]) - sum_over(n, w[n, k] * x[n]), 0 * total),
    "nothing to merge": (total + sum_over(n, w[n, k] * x[n]), total + sum_over(n, w[n, k] * x[n])),
}
GATHERED: dict[str, tuple[Expr, Expr]] = {
    "a factor outside": (
        sum_over(n, w[n, k] * x[n]) - a[k] * total,
        sum_over(n, w[n, k] * (x[n] - a[k])),
    ),
    "a sum and what is none": (total + a[k], total + a[k]),
}


@pytest.mark.parametrize("name", MERGED)
def test_merged(name: str) -> None:
    before, after = MERGED[name]
    assert merge_sums(before) == after
    _same(before, merge_sums(before))


@pytest.mark.parametrize("name", GATHERED)
def test_gathered(name: str) -> None:
    before, after = GATHERED[name]
    assert gather_sums(before) == after
    _same(before, gather_sums(before))


def test_sums_over_other_plates_stay_apart() -> None:
    both = sum_over(n, w[n, k]) + log(sum_over(k, a[k] ** 2))
    assert merge_sums(both) == both
    assert gather_sums(both) == both


def _same(before: Expr, after: Expr) -> None:
    for seed in range(3):
        exact = Evaluator(World({n.size: 3, k.size: 2}, seed))
        assert exact(before, {k: 1}) == exact(after, {k: 1})
