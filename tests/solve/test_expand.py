"""Equations that multiply out to linear ones: taken where powers cancel, left alone where they do not."""

from derive.language import Data, Index, Known, Parameter, Positive, sum_over
from derive.language.family import Symbol
from derive.language.rewrite import canonical
from derive.solve import solve
from derive.solve.expand import multiplied_out

n, k = Index("n", "N"), Index("k", "K")
x, w = Data("x", n, domain=Positive), Known("w", n, k, domain=Positive)
mu = Parameter("mu", k, domain=Positive)
unknown = Symbol(mu, (k,))


def test_powers_that_cancel() -> None:
    residual = sum_over(n, w[n, k] * (mu[k] * (x[n] - mu[k]) + (x[n] - mu[k]) ** 2) / x[n])
    lines, simpler = multiplied_out(residual, unknown)
    assert [line.rule for line in lines] == ["multiply-out"]
    assert simpler == sum_over(n, w[n, k] * (-mu[k] + x[n]))
    mean = sum_over(n, w[n, k] * x[n]) / sum_over(n, w[n, k])
    assert canonical(solve(residual, unknown)[-1].right) == canonical(mean)


def test_powers_that_stay() -> None:
    residual = sum_over(n, w[n, k] * (x[n] - mu[k] ** 2))
    assert multiplied_out(residual, unknown) == ([], residual)


def test_a_linear_equation_is_left_alone() -> None:
    residual = sum_over(n, w[n, k] * (x[n] - mu[k]))
    assert multiplied_out(residual, unknown) == ([], residual)


def test_an_unknown_that_cancels_altogether_is_left_to_the_others() -> None:
    residual = sum_over(n, w[n, k] * (mu[k] ** 2 - mu[k] ** 2 * x[n] / x[n]))
    assert multiplied_out(residual, unknown)[0] == []
