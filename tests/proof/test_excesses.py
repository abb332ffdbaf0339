"""Signs of special functions: what is known is proved, in any form; false variants are not."""

from fractions import Fraction

import pytest
from flint import arb, ctx
from hypothesis import given
from hypothesis import strategies as st

from derive.errors import ModelError
from derive.language import (
    Data,
    Dimension,
    Expr,
    Index,
    Known,
    NonNegative,
    Parameter,
    Positive,
    absolute,
    bessel_ratio,
    cos,
    digamma,
    log,
    log_bessel_i,
    loggamma,
    polygamma,
    sum_over,
    trigamma,
)
from derive.language.evaluate import Evaluator
from derive.language.excess import INEQUALITIES, Excess
from derive.language.expr import add, as_expr, mul
from derive.language.family import Family, Role
from derive.language.world import World
from derive.proof.excesses import with_excess
from derive.proof.sign import positive, sign

n, k, d, j, D = Index("n", "N"), Index("k", "K"), Index("d", "D"), Index("j", "D"), Dimension("D")
P = Dimension("P")
g = Family("gamma", Role.RESPONSIBILITY, (n, k))[n, k]
x, r = Data("x", n, domain=NonNegative), Known("r")
a, b, u, v = Parameter("a", k, domain=Positive), Parameter("b", domain=Positive), Known("u"), Known("v")
alpha, w = Parameter("alpha", k, d, domain=Positive), Known("w", k, d)
N_k = sum_over(n, g)
A = bessel_ratio(P / 2 - 1, a[k])
B = bessel_ratio(0, 3 * b)
total = sum_over(d, alpha[k, d])
squares = sum_over(d, trigamma(alpha[k, d]) * w[k, d] ** 2)

POSITIVE = {
    "trigamma": trigamma(a[k]),
    "fourth derivative": polygamma(3, a[k] * b),
    "power": b**r.symbol,
    "power of a number": 2**r.symbol,
    "Bessel ratio": A,
    "trigamma above its integral": trigamma(a[k]) - 1 / a[k],
    "with a factor": N_k * trigamma(a[k]) - N_k / a[k],
    "other order": -1 / b + trigamma(b),
    "scaled": trigamma(b / 2) / 2 - 1 / b,
    "scaled the other way": 3 * trigamma(3 * b) - 1 / b,
    "more than needed": trigamma(b) - 1 / (2 * b),
    "product written out": N_k * (trigamma(a[k]) - 1 / a[k]) + b,
    "in a sum": sum_over(n, g * (trigamma(a[k]) - 1 / a[k])),
    "sums apart": sum_over(n, g * trigamma(a[k])) - sum_over(n, g) / a[k],
    "logarithm above digamma": log(b) - digamma(b),
    "logarithm of a product": log(b / 2) - digamma(b / 2),
    "both at once": log(b) - digamma(b) + 2 * trigamma(b) - 2 / b,
    "one twice": 2 * log(b) - digamma(b) * 2,
    "ratio below one": 1 - A,
    "variance": 1 - A**2 - (P - 1) * A / a[k],
    "variance written out": 1 - A**2 - P * A / a[k] + A / a[k],
    "variance of order zero": (N_k - N_k * B**2) - N_k * B / (3 * b),
}
NONNEGATIVE = {
    "absolute value": absolute(u - v),
    "falling": trigamma(b) - trigamma(b + x[n]),
    "falling in a sum": sum_over(n, g * trigamma(a[k])) - sum_over(n, g * trigamma(x[n] + a[k])),
    "falling in counts": N_k * trigamma(a[k]) - sum_over(n, g * trigamma(x[n] + a[k])),
    "one of many": trigamma(alpha[k, d]) - trigamma(sum_over(j, alpha[k, j])),
    "superadditive": squares - trigamma(total) * sum_over(d, w[k, d]) ** 2,
    "dirichlet with a factor": N_k * squares - N_k * trigamma(total) * sum_over(d, w[k, d]) ** 2,
    "dirichlet, the factor inside": sum_over(d, b * trigamma(alpha[k, d]) * w[k, d] ** 2)
    - trigamma(total) * b * sum_over(d, w[k, d]) ** 2,
    "dirichlet over components": sum_over(k, b * squares)
    - sum_over(k, b * trigamma(total) * sum_over(d, w[k, d]) ** 2),
    "beta": trigamma(b) * u**2 + trigamma(a[k]) * v**2 - trigamma(b + a[k]) * (u + v) ** 2,
    "beta written out": -1 * trigamma(b + a[k]) * u**2
    - 2 * trigamma(b + a[k]) * u * v
    - trigamma(b + a[k]) * v**2
    + trigamma(a[k]) * v**2
    + trigamma(b) * u**2,
}
UNKNOWN = {
    "digamma": digamma(b),
    "log gamma": loggamma(b),
    "log Bessel": log_bessel_i(0, b),
    "cosine": cos(b),
    "trigamma of a real": trigamma(r),
    "power of a real": r**r.symbol,
    "ratio of a low order": bessel_ratio(-1, b),
    "ratio of any order": bessel_ratio(r, b),
    "twice the integral": trigamma(b) - 2 / b,
    "a little too much": trigamma(b) - Fraction(101, 100) / b,
    "wrong scale": trigamma(b / 2) / 2 - 2 / b,
    "other argument": trigamma(b) - 1 / a[k],
    "other sign": trigamma(b) + 1 / b - 3 / b,
    "factor of any sign": r * trigamma(b) - r / b,
    "gap of a real": trigamma(r) - 1 / r,
    "digamma above its logarithm": digamma(b) - log(b) + Fraction(1, 100),
    "digamma of something else": log(b) - digamma(a[k]),
    "ratio above a number": Fraction(99, 100) - A,
    "variance too large": 1 - A**2 - P * A / a[k],
    "variance of another argument": 1 - A**2 - (P - 1) * A / b,
    "variance of a low order": 1 - bessel_ratio(-1, b) ** 2 + bessel_ratio(-1, b) / b,
    "rising": trigamma(b) - trigamma(b - x[n]),
    "falling by a real": trigamma(b) - trigamma(b + r),
    "too many of the falling": 2 * N_k * trigamma(a[k]) - 3 * sum_over(n, g * trigamma(x[n] + a[k])),
    "dirichlet without the square of the sum": squares - trigamma(total) * sum_over(d, w[k, d] ** 2) * 3,
    "dirichlet, another total": squares - trigamma(b) * sum_over(d, w[k, d]) ** 2,
    "dirichlet doubled": squares - 2 * trigamma(total) * sum_over(d, w[k, d]) ** 2,
    "beta with a minus": trigamma(b) * u**2 + trigamma(a[k]) * v**2 - trigamma(b + a[k]) * (u - 3 * v) ** 2,
    "beta, one square": trigamma(b) * u**2 - trigamma(b + a[k]) * (u + v) ** 2,
    "beta doubled": trigamma(b) * u**2 + trigamma(a[k]) * v**2 - 2 * trigamma(b + a[k]) * (u + v) ** 2,
}


def world(seed: int) -> World:
    sizes = {n.size: 3, k.size: 4, d.size: 2, P.extent: 5}
    return World(sizes, seed)


@pytest.mark.parametrize("name", POSITIVE | NONNEGATIVE)
def test_what_is_known_is_proved_on_both_sides(name: str) -> None:
    expr = as_expr((POSITIVE | NONNEGATIVE)[name])
    for factor in (1, Fraction(-7, 3)):
        found = sign(mul(factor, expr))
        assert found is not None
        assert found.sign == (1 if factor > 0 else -1)


@pytest.mark.parametrize("name", POSITIVE)
def test_what_is_strict_is_strictly_positive(name: str) -> None:
    assert positive(as_expr(POSITIVE[name]))
    assert not positive(mul(-1, POSITIVE[name]))


@pytest.mark.parametrize("name", NONNEGATIVE)
def test_what_may_be_zero_is_not(name: str) -> None:
    assert not positive(as_expr(NONNEGATIVE[name]))


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_false_or_unknown_is_not_proved(name: str) -> None:
    for factor in (1, -1):
        assert sign(mul(factor, UNKNOWN[name])) is None
        assert not positive(mul(factor, UNKNOWN[name]))


@pytest.mark.parametrize("name", POSITIVE | NONNEGATIVE)
def test_forms_are_equal_and_the_sign_is_right(name: str) -> None:
    """Exactly, in worlds that know nothing of inequalities."""
    expr = as_expr((POSITIVE | NONNEGATIVE)[name])
    found = sign(expr)
    assert found is not None
    env = dict.fromkeys(expr.free, 1)
    with ctx.workprec(300):
        for seed in range(3):
            at = Evaluator(world(seed))
            value, manifest = arb(at(expr, env)), arb(at(found.manifest, env))
            assert (value - manifest).contains(0)
            assert (value - manifest).rad() < 1e-40
            assert value >= -1e-40 if name in NONNEGATIVE else value > 0
            for multiple, rest in with_excess(expr):
                assert (arb(at(add(multiple, rest), env)) - value).contains(0)


def test_signs_of_the_derivatives_alternate() -> None:
    for order in range(1, 8):
        found = sign(polygamma(order, b))
        assert found is not None
        assert found.sign == (-1) ** (order + 1)


@given(st.integers(1, 3000), st.integers(1, 97), st.integers(-1, 40))
def test_inequalities_hold_of_numbers(numerator: int, denominator: int, twice: int) -> None:
    """The table itself, at numbers."""
    at = Evaluator(world(1))
    number, order = as_expr(Fraction(numerator, denominator)), as_expr(Fraction(twice, 2))
    cases = {
        "trigamma": (number,),
        "digamma": (number,),
        "falling": (number, add(number, Fraction(1, denominator))),
        "bessel-ratio": (order, number),
        "bessel-variance": (order, number),
        "beta": (number, as_expr(twice), as_expr(Fraction(1, denominator)), as_expr(3)),
    }
    with ctx.workprec(400):
        for name, args in cases.items():
            assert arb(at(Excess(name, args), {})) > 0


def test_every_inequality_is_tried() -> None:
    found: set[str] = set()

    def note(expr: Expr) -> bool:
        if isinstance(expr, Excess):
            found.add(expr.inequality)
        return False

    for expr in (POSITIVE | NONNEGATIVE).values():
        signed = sign(as_expr(expr))
        assert signed is not None
        signed.manifest.contains(note)
    assert found == set(INEQUALITIES)


def test_an_excess_that_does_not_fit_proves_nothing() -> None:
    with pytest.raises(ModelError, match="no inequality"):
        Excess("wishful", (b.symbol,))
    wrong = Excess("superadditive", (squares, total, sum_over(d, 2 * w[k, d])))
    assert sign(wrong) is None
    assert sign(Excess("trigamma", (r.symbol,))) is None
    assert sign(Excess("falling", (b + 1, b.symbol))) is None
    assert sign(Excess("bessel-variance", (as_expr(Fraction(-51, 100)), b.symbol))) is None
    assert str(Excess("trigamma", (b.symbol,))) == "trigamma(b) - 1 / b"
