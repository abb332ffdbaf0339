"""The sign of a logarithm follows from bounds of its argument, and from nothing less."""

import pytest

from derive.language import Data, Expr, Index, Known, Positive, Probability, Real, UnitInterval, log
from derive.proof.sign import positive, sign

n = Index("n", "N")
inside, upto, above, real = (
    Data(name, n, domain=domain)[n]
    for name, domain in (("p", Probability), ("u", UnitInterval), ("x", Positive), ("y", Real))
)
s = Known("s", domain=Positive).symbol


@pytest.mark.parametrize("arg", [inside, upto, 1 - inside])
def test_a_log_of_what_is_at_most_one_is_not_positive(arg: Expr) -> None:
    found = sign(log(arg))
    assert found is not None
    assert found.sign == -1


@pytest.mark.parametrize("arg", [above, 1 + inside, 1 - above, 2 - inside, inside - 1, s, 1 - 2 * inside])
def test_of_other_arguments_it_is_not_known(arg: Expr) -> None:
    found = sign(log(arg))
    assert found is None or found.sign > 0


def test_strictly_where_one_is_left_out() -> None:
    assert positive(-log(inside))
    assert positive(-log(1 - inside))
    assert not positive(-log(upto))
    assert not positive(-log(above))


def test_a_sum_is_not_below_its_terms() -> None:
    found = sign(log(above + s) - log(s))
    assert found is not None
    assert found.sign == 1
    assert sign(log(real + s) - log(s)) is None
