"""Sums of angles: the value stays, whatever the signs and numbers in front."""

from fractions import Fraction

import pytest
from flint import ctx

from derive.language import Data, Index, Parameter, cos, sin
from derive.language.angles import split_angles
from derive.language.evaluate import Evaluator
from derive.language.expr import Expr
from derive.language.rewrite import mentions
from derive.language.ring import agree
from derive.language.special import Cos, Sin
from derive.language.world import World

N, K = Index("n", "N"), Index("k", "K")
x, a, b = Data("x", N), Parameter("a", K), Parameter("b", K)
ANGLES = [x[N] - a[K], a[K] - x[N], 3 * (x[N] - a[K] / 2 + b[K]), -a[K], x[N] * b[K] - Fraction(2, 3) * a[K] + 1]


@pytest.mark.parametrize("wave", [cos, sin])
@pytest.mark.parametrize("angle", ANGLES, ids=str)
def test_the_value_stays_and_the_angle_stands_alone(wave: type, angle: Expr) -> None:
    before = wave(angle) ** 2 + x[N]
    after = split_angles(before, mentions(a))
    evaluator, env = Evaluator(World({N.size: 2, K.size: 3}, seed=4)), {N: 1, K: 2}
    with ctx.workprec(256):
        assert agree(evaluator(before, env), evaluator(after, env))

    def joined(expr: Expr) -> bool:
        return isinstance(expr, Cos | Sin) and expr.contains(mentions(a)) and expr.contains(mentions(x))

    assert not after.contains(joined)
