"""Two formulas with different exact values are never written the same: brackets stand wherever they are needed.

Small trees are enumerated, not sampled: every way to put two operations on a few symbols.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import product
from typing import Any

import pytest

from derive.errors import DeriveError
from derive.language.domain import Positive, PositiveDefinite
from derive.language.evaluate import Evaluator
from derive.language.expr import Expr, Number, add, as_expr, mul, power
from derive.language.family import Known
from derive.language.functions import Dimension, exp, inverse, log, logdet, sqrt, sum_over, trace
from derive.language.index import ONE, Extent, Index
from derive.language.ring import UndecidedError, agree
from derive.language.world import World
from derive.rendering.latex_style import latex
from derive.rendering.layout import Layout
from derive.rendering.mathml_style import mathml
from derive.rendering.notation import notation
from derive.rendering.text_style import text

n, D = Index("n", "N"), Dimension("D")
a, b = Known("a", domain=Positive).symbol, Known("b", domain=Positive).symbol
g = Known("g", n, domain=Positive).symbol
u = Known("u", shape=D).symbol
S, A = Known("S", domain=PositiveDefinite(D)).symbol, Known("A", shape=(D, D)).symbol
LEAVES: tuple[Expr, ...] = (a, b, sum_over(n, g), as_expr(2), as_expr(-1), as_expr(1) / 2, u, S, A)
UNARY: tuple[Callable[[Expr], Expr], ...] = (
    log,
    exp,
    sqrt,
    inverse,
    logdet,
    trace,
    lambda e: power(e, 2),
    lambda e: power(e, -1),
    lambda e: e.transposed(),
    lambda e: sum_over(n, mul(g, e)),
    lambda e: sum_over(n, add(g, e)),
    lambda e: mul(-1, e),
)
BINARY: tuple[Callable[[Expr, Expr], Expr], ...] = (
    add,
    mul,
    lambda p, q: add(p, mul(-1, q)),
    lambda p, q: mul(p, power(q, -1)),
)
STYLES: dict[str, Callable[[Layout], str]] = {"latex": latex, "text": text, "mathml": mathml}
SIZES = {Extent("N"): 3, Extent("D"): 2, ONE: 1}


def grown(first: tuple[Expr, ...], second: tuple[Expr, ...]) -> Iterator[Expr]:
    pairs = [*product(first, second), *product(second, first)]
    attempts = [partial(operation, one) for operation, one in product(UNARY, first)]
    attempts += [partial(operation, *pair) for operation, pair in product(BINARY, pairs)]
    for attempt in attempts:
        with suppress(DeriveError):
            yield attempt()


def distinct(trees: Iterator[Expr]) -> tuple[Expr, ...]:
    return tuple({tree.key: tree for tree in trees if not isinstance(tree, Number)}.values())


SMALL = distinct(grown(LEAVES, LEAVES))
TREES = (*SMALL, *distinct(grown(SMALL, LEAVES)))


def values(evaluator: Evaluator, tree: Expr) -> list[Any] | None:
    try:
        return [entry for row in evaluator.matrix(tree, {}) for entry in row]
    except (DeriveError, ArithmeticError, ValueError):
        return None  # the log of a negative number


def differ(left: list[Any] | None, right: list[Any] | None) -> bool:
    """Whether the values are proved to differ; what has no value, or one too wide to tell, is not."""
    if left is None or right is None:
        return False
    try:
        return len(left) != len(right) or not all(agree(p, q) for p, q in zip(left, right, strict=True))
    except UndecidedError:
        return False


def collisions(style: Callable[[Layout], str]) -> Iterator[str]:
    evaluator = Evaluator(World(dict(SIZES), seed=7))
    written: dict[str, Expr] = {}
    for tree in TREES:
        spelling = style(notation(tree))
        other = written.setdefault(spelling, tree)
        if other.key != tree.key and differ(values(evaluator, tree), values(evaluator, other)):
            yield f"{tree} and {other} are both written {spelling}"


@pytest.mark.parametrize("style", STYLES)
def test_what_is_written_the_same_is_equal(style: str) -> None:
    assert len(TREES) > 2000
    assert list(collisions(STYLES[style])) == []


def test_missing_brackets_would_be_noticed() -> None:
    assert any(collisions(lambda layout: text(layout).translate(str.maketrans("", "", "[]()"))))


def test_missing_superscripts_would_be_noticed() -> None:
    assert any(collisions(lambda layout: text(layout).replace("⁻¹", "")))
