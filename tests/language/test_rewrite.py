"""Rewriting keeps the value, exactly, of any expression."""

import pytest
from hypothesis import given

from derive.errors import ModelError
from derive.language import Expr, Family, Index, Known, Parameter, sum_over
from derive.language.expr import add, mul
from derive.language.family import Symbol
from derive.language.rewrite import (
    canonical,
    coefficient,
    collect,
    distribute,
    drop_independent,
    mentions,
    out_of_sums,
    pull_out,
    rename,
    substitute,
    terms,
)
from tests.language.exact import exact
from tests.language.expressions import SIZES, D, a, expressions, j, k, mu, n, scalars, x, y


def same(before: Expr, after: Expr) -> bool:
    assert after.shape == before.shape
    free = set(before.free | after.free)
    return exact(before, SIZES, free) == exact(after, SIZES, free)


@given(expressions)
def test_collect_pull_out_and_out_of_sums_keep_the_value(expr: Expr) -> None:
    for rewrite in (collect, pull_out, out_of_sums, canonical):
        assert same(expr, rewrite(expr)), rewrite.__name__


@given(expressions)
def test_distribute_keeps_the_value(expr: Expr) -> None:
    for family in (mu, a):
        parts = distribute(expr, mentions(family))
        assert same(expr, add(*parts))


@given(expressions)
def test_distribute_leaves_no_bracket_with_the_symbol(expr: Expr) -> None:
    for part in distribute(expr, mentions(a)):
        inside = [
            node for node in _products(part) for child in node.children for node in [child] if len(terms(child)) > 1
        ]
        assert not any(child.contains(mentions(a)) for child in inside)


def _products(expr: Expr) -> list[Expr]:
    here = [expr] if type(expr).__name__ in {"Mul", "Word"} else []
    return here + [found for child in expr.children for found in _products(child)]


@given(expressions)
def test_coefficient_splits_a_factor_off(expr: Expr) -> None:
    number, rest = coefficient(expr)
    assert same(expr, mul(number, rest))


@given(scalars(3))
def test_what_is_dropped_does_not_depend_on_the_family(expr: Expr) -> None:
    dropped = add(expr, mul(-1, drop_independent(expr, a)))
    fresh = Parameter("b", k)
    moved = substitute(dropped, Symbol(a, (k,)), fresh[k])
    free = set(dropped.free | moved.free)
    assert exact(dropped, SIZES, free) == exact(moved, SIZES, free)


@given(expressions)
def test_renaming_free_indices_there_and_back(expr: Expr) -> None:
    m = Index("i", "K")
    away = rename(expr, {k: m})
    assert k not in away.free
    assert rename(away, {m: k}).free == expr.free
    assert same(expr, rename(away, {m: k}))


@given(expressions)
def test_renaming_does_not_capture(expr: Expr) -> None:
    """Renaming k to j where j is not free: the values at j are those that were at k."""
    if j in expr.free or k not in expr.free:
        return
    there = rename(expr, {k: j})
    if n in expr.free:
        expr, there = sum_over(n, expr), sum_over(n, there)
    assert exact(expr, SIZES) == exact(there, SIZES)


def test_renaming_under_a_sum_over_the_new_name() -> None:
    expr = sum_over(j, a[j] * a[k])
    assert rename(expr, {k: j}).free == {j}
    assert exact(rename(expr, {k: j}), SIZES) == exact(expr, SIZES)
    assert rename(sum_over(k, a[k]), {k: j}) == sum_over(k, a[k])


@pytest.mark.parametrize("name", ["k", "n", "j", "i", "c", "kk", "n1"])
def test_an_index_of_any_name_can_be_renamed(name: str) -> None:
    index = Index(name, "K")
    taken = {index}
    for _ in range(4):
        other = index.renamed(frozenset(taken))
        assert other.name not in {used.name for used in taken}
        assert other.size == index.size
        taken.add(other)


def test_substitution_does_not_capture() -> None:
    value = sum_over(n, y[n]) * a[k]
    found = substitute(sum_over(n, y[n] * mu[k]), Symbol(mu, (k,)), y[n] * x[n])
    assert n in found.free
    assert exact(found, SIZES) == exact(sum_over(Index("m", "N"), y[Index("m", "N")]) * y[n] * x[n], SIZES)
    assert substitute(a[j], Symbol(a, (k,)), value) == sum_over(n, y[n]) * a[j]


@given(expressions)
def test_substituting_a_symbol_for_itself_changes_nothing(expr: Expr) -> None:
    assert same(expr, substitute(expr, Symbol(a, (k,)), a[k]))


def test_a_known_of_another_name_is_not_substituted() -> None:
    other: Family = Known("aa", k)
    assert substitute(other[k] + a[k], Symbol(a, (k,)), y[n]) == other[k] + y[n]


def test_sums_of_different_shapes_are_refused_with_both() -> None:
    with pytest.raises(ModelError, match=r"scalar.*D x 1|D x 1.*scalar"):
        add(mu[k], a[k])
    with pytest.raises(ModelError, match=r"D x 1.*D x 1"):
        mul(mu[k], x[n])
    assert D.extent.name == "D"
