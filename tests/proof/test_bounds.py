"""Differences of bounded numbers: proved where the domains say it, refused where only the numbers drawn would."""

import pytest

from derive.errors import ModelError
from derive.language import (
    AtLeast,
    Binary,
    Count,
    CountUpTo,
    Data,
    Expr,
    Index,
    Known,
    Parameter,
    Positive,
    Probability,
    Simplex,
    UnitInterval,
    log,
    sum_over,
)
from derive.proof.sign import positive, sign

n, k, d = Index("n", "N"), Index("k", "K"), Index("d", "D")
t, m = Known("t", n, domain=Count), Known("m", domain=Positive)
x, z = Data("x", n, domain=CountUpTo(t)), Data("z", n, domain=AtLeast(m))
b, theta = Data("b", n, d, domain=Binary), Parameter("theta", k, d, domain=Probability)
pi, u = Parameter("pi", k, domain=Simplex), Parameter("u", k, domain=UnitInterval)

NONNEGATIVE: dict[str, Expr] = {
    "one less a binary": 1 - b[n, d],
    "two less a binary": 2 - b[n, d],
    "one less a weight": 1 - pi[k],
    "trials less successes": t[n] - x[n],
    "twice as many": 2 * t[n] - 2 * x[n],
    "above the smallest": z[n] - m,
    "logs of those": log(z[n]) - log(m),
    "log of the ratio": log(z[n] / m),
    "with a square": 1 - b[n, d] + m.symbol**2,
    "summed": sum_over(n, t[n] * (t[n] - x[n])),
}
UNKNOWN: dict[str, Expr] = {
    "half less a binary": 1 - 2 * b[n, d],
    "of another sample": t[n] - x[Index("i", "N")],
    "two binaries": 1 - b[n, d] - u[k],
    "the wrong way": x[n] - t[n],
    "above the trials": 2 * x[n] - t[n],
    "below the smallest": m - z[n],
    "log of the wrong ratio": log(m / z[n]),
    "one less a count": 1 - t[n],
    "reciprocal": 1 - 1 / theta[k, d],
}


@pytest.mark.parametrize("name", NONNEGATIVE)
def test_proved(name: str) -> None:
    found = sign(NONNEGATIVE[name])
    assert found is not None
    assert found.sign > 0


@pytest.mark.parametrize("name", UNKNOWN)
def test_not_claimed(name: str) -> None:
    found = sign(UNKNOWN[name])
    assert found is None or found.sign < 0


def test_strictly_positive_only_where_the_end_is_excluded() -> None:
    assert positive(1 - theta[k, d])
    assert positive((1 - theta[k, d]) * theta[k, d])
    assert positive(2 - u[k])
    assert not positive(1 - u[k])
    assert not positive(1 - pi[k])  # a single component has weight one
    assert not positive(1 - b[n, d])
    assert not positive(t[n] - x[n])


def test_a_bound_must_be_known_and_carried() -> None:
    with pytest.raises(ModelError, match="must be a Known"):
        Data("x", n, domain=CountUpTo(Parameter("s", n, domain=Positive)))
    with pytest.raises(ModelError, match="index k"):
        Data("x", n, domain=AtLeast(Known("m", k, domain=Positive)))
    with pytest.raises(ModelError, match="nonnegative"):
        CountUpTo(Known("t", n))
    with pytest.raises(ModelError, match="positive"):
        AtLeast(Known("m"))
