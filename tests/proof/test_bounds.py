"""Numbers with a lowest value: what follows for sums is proved, and nothing else is claimed."""

import pytest

from derive.errors import ModelError
from derive.language import (
    AtLeast,
    Count,
    CountUpTo,
    Dimension,
    Expr,
    Index,
    Known,
    NonNegative,
    Parameter,
    Positive,
    Probability,
    exp,
    log,
    sum_over,
)
from derive.proof.sign import positive, sign

n, k, D = Index("n", "N"), Index("k", "K"), Dimension("D")
alpha, two = Known("alpha", k, domain=AtLeast(1)), Known("b", domain=AtLeast(2))
nu, u, h, a = (
    Known("nu", domain=AtLeast(D + 1)),
    Known("u", domain=Positive),
    Known("h", n, domain=NonNegative),
    Known("a"),
)
p = Parameter("p", n, domain=Probability)
t = Known("t", n, domain=Count)
c = Known("c", n, domain=CountUpTo(t))

NONNEGATIVE = {
    "its excess": alpha[k] - 1,
    "less than its bound": two - 1,
    "in a sum": sum_over(k, alpha[k]) - sum_over(k, alpha[k] - alpha[k] + 1),
    "times a positive number": 3 * alpha[k] - 3,
    "times a positive symbol": u * alpha[k] - u,
    "in sizes": nu - D - 1,
    "in sizes, halved": (nu - D - 1) / 2,
    "two of them": alpha[k] + two - 3,
    "beside another": u + alpha[k] - 1,
    "a share of a sum": sum_over(n, h[n]) - sum_over(n, h[n] * p[n]),
    "trials beside successes": sum_over(n, h[n] * t[n]) - sum_over(n, h[n] * c[n]) + 1,
    "a log beyond one": log(1 + u),
    "in a sum of logs": sum_over(n, h[n] * log(1 + h[n] ** 2 * u)),
}
NEGATIVE = {"its negative": 1 - alpha[k], "opened": D + 1 - nu, "summed": sum_over(k, 1 - alpha[k])}
UNKNOWN = {
    "above its bound": two - 3,
    "of either sign": alpha[k] - a,
    "falling in it": two - 2 * two + 1 - a,
    "both ways": alpha[k] - two,
    "less than the sizes": nu - D - 2,
    "times any symbol": a * alpha[k] - a,
    "a logarithm": u * log(alpha[k]) - u,
    "more than a share": sum_over(n, h[n] * p[n]) - sum_over(n, h[n]) + 1,
    "successes beside trials": sum_over(n, h[n] * c[n]) - sum_over(n, h[n] * t[n]) + 1,
    "trials of another sample": sum_over(n, h[n] * t[n]) - sum_over(n, p[n] * c[n]),
    "signed trials": sum_over(n, a * t[n]) - sum_over(n, a * c[n]),
    "a log that may be below one": log(1 + a**2 * exp(a)) - 1,
    "a log of less and more": log(u + h[n]),
    "a share of signed numbers": sum_over(n, a * h[n]) - sum_over(n, a * h[n] * p[n]),
}


@pytest.mark.parametrize("name", NONNEGATIVE)
def test_bounds_prove_signs(name: str) -> None:
    found = sign(NONNEGATIVE[name])
    assert found is not None
    assert found.sign == 1


@pytest.mark.parametrize("name", NEGATIVE)
def test_bounds_prove_negative_signs(name: str) -> None:
    found = sign(NEGATIVE[name])
    assert found is not None
    assert found.sign == -1


@pytest.mark.parametrize("name", UNKNOWN)
def test_bounds_prove_no_more(name: str) -> None:
    assert sign(UNKNOWN[name]) is None


def test_strictly_above_zero_needs_something_that_is() -> None:
    assert positive(two - 1)
    assert positive(alpha[k] + u - 1)
    assert not positive(alpha[k] - 1)


@pytest.mark.parametrize("bound", [0, -1, D - 1, a.symbol, log(u)])
def test_a_bound_that_may_not_be_positive_is_refused(bound: int | Expr) -> None:
    with pytest.raises(ModelError, match="AtLeast"):
        Known("x", domain=AtLeast(bound))
