"""What stands in exponents is drawn of moderate size, so that a certificate sees the smaller terms too."""

from fractions import Fraction

import pytest
from flint import fmpq

from derive.errors import StepRefusedError
from derive.language import Data, Expr, Index, Known, Parameter, Positive, exp, log, loggamma, sum_over
from derive.language.calculus_nodes import Named
from derive.language.exponents import in_exponents
from derive.language.world import World
from derive.proof.certify import Certifier
from derive.proof.step import Relation, Step

n, k = Index("n", "N"), Index("k", "K")
x, y = Data("x", n, domain=Positive), Known("y", n)
a, b = Parameter("a", k, domain=Positive), Parameter("b", k)
SIDES = {
    "several squares": exp(b[k] ** 2 + y[n] ** 2 + x[n] ** 2 + a[k] ** 2),
    "power of large numbers": (1 + x[n] + a[k]) ** (a[k] + x[n] + y[n] ** 2),
    "powers": x[n] ** a[k],
    "power of a power": (1 / x[n]) ** (3 * a[k]),
    "exponentials": exp(b[k] * y[n]),
    "exponentials in a sum": sum_over(n, exp(b[k] * y[n]) * x[n]),
    "exponentials of a quotient": exp(-1 * y[n] / x[n]),
    "of a named quantity": exp(Named("q", "q", b[k] * y[n])),
}


@pytest.mark.parametrize("name", SIDES)
def test_a_small_difference_beside_exponentials_is_seen(name: str) -> None:
    side = SIDES[name]
    step = Step(1, side, Relation.EQUAL, side + Fraction(1, 10**6), "planted", "words")
    with pytest.raises(StepRefusedError, match="differ"):
        Certifier((n.size, k.size)).certify(step, lambda _: step)


def test_families_in_exponents() -> None:
    cases: list[tuple[Expr, set[str]]] = [
        (x[n] ** a[k] + log(b[k] ** 2) * y[n], {"x", "a"}),
        (loggamma(a[k]) * exp(y[n] / 2), {"y"}),
        (log(x[n]) * b[k], set()),
    ]
    for expr, names in cases:
        assert in_exponents(expr) == names


def test_moderate_values_stay_in_their_domains_and_redrawn_worlds_keep_them() -> None:
    sizes = {n.size: 40, k.size: 3}
    world = World(sizes, 1, moderate=frozenset(("x", "y", "b")))
    for family in (x, y, b):
        values = [world.value(family, position) for position in world.positions(family)]
        assert all(abs(value) <= 3 for value in values)
        assert len(set(values)) == len(values)
    assert all(world.value(x, (i,)) > 0 for i in range(40))
    assert any(world.value(a, (i,)) > 3 for i in range(3))
    again = world.redrawn("y")
    assert all(again.value(x, (i,)) == world.value(x, (i,)) for i in range(40))
    assert any(again.value(y, (i,)) != world.value(y, (i,)) for i in range(40))
    assert all(abs(again.value(y, (i,))) <= fmpq(3) for i in range(40))
