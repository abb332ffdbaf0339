"""By how much one side of a known inequality exceeds the other: terms whose sign is known, each with its source.

Equations are those of the Digital Library of Mathematical Functions, https://dlmf.nist.gov. The reasons in short:

- trigamma: psi'(x) is the sum of 1 / (x + m)^2 over m = 0, 1, ... (5.15.1), more than the integral 1 / x.
- digamma: log x - psi(x) is the integral of a positive function (5.9.13).
- falling: psi' falls, since every term of its sum does (5.15.1).
- bessel-ratio, bessel-variance: with the density proportional to (1 - t^2)^(v - 1/2) exp(x t) on [-1, 1], for
  v > -1/2 (10.32.2), I_{v+1}(x) / I_v(x) is the mean of t, and its derivative the variance of t (Amos 1974); for
  v = -1/2 the same holds for t = 1 or -1.
- dirichlet, beta: the variance of the sum of u_d log X_d for Dirichlet distributed X, the second derivative of its log
  normaliser along u (Wainwright and Jordan 2008, prop. 3.1).
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from derive.errors import ModelError
from derive.language.calculus_nodes import Margin
from derive.language.expr import Expr, add, mul, power
from derive.language.functions import Sum, log, sum_over
from derive.language.rewrite import canonical, collect, scaled
from derive.language.special import bessel_ratio, digamma, trigamma
from derive.language.tree import node


@dataclass(frozen=True)
class Inequality:
    """A known inequality: what is positive, as an expression of the arguments, and when.

    positive: what must be positive; nonnegative: what must not be negative; strict: whether the excess is never zero;
    fits: what else must hold of the arguments.
    """

    excess: Callable[..., Expr]
    positive: Callable[..., tuple[Expr, ...]]
    nonnegative: Callable[..., tuple[Expr, ...]]
    source: str
    strict: bool = True
    fits: Callable[..., bool] = lambda *_: True


def _bessel_variance(order: Expr, x: Expr) -> Expr:
    ratio = bessel_ratio(order, x)
    return add(1, mul(-1, power(ratio, 2)), mul(-1, collect(add(scaled(2, order), 1)), ratio, power(x, -1)))


def _of_dirichlet(squares: Expr, total: Expr, direction: Expr) -> bool:
    if not isinstance(total, Sum) or not isinstance(direction, Sum) or direction.index != total.index:
        return False
    wanted = sum_over(total.index, mul(trigamma(total.body), power(direction.body, 2)))
    return canonical(squares) == canonical(wanted)


def _beta(a: Expr, u: Expr, b: Expr, v: Expr) -> Expr:
    apart = add(mul(trigamma(a), power(u, 2)), mul(trigamma(b), power(v, 2)))
    return add(apart, mul(-1, trigamma(add(a, b)), power(add(u, v), 2)))


HALF = Fraction(1, 2)
INEQUALITIES: dict[str, Inequality] = {
    "trigamma": Inequality(
        lambda x: add(trigamma(x), mul(-1, power(x, -1))), lambda x: (x,), lambda _: (), "olver2010: (5.15.1)"
    ),
    "digamma": Inequality(
        lambda x: add(log(x), mul(-1, digamma(x))), lambda x: (x,), lambda _: (), "olver2010: (5.9.13)"
    ),
    "falling": Inequality(
        lambda x, y: add(trigamma(x), mul(-1, trigamma(y))),
        lambda x, y: (x, y),
        lambda x, y: (collect(add(y, mul(-1, x))),),
        "olver2010: (5.15.1)",
        strict=False,
    ),
    "bessel-ratio": Inequality(
        lambda order, x: add(1, mul(-1, bessel_ratio(order, x))),
        lambda _, x: (x,),
        lambda order, _: (add(order, HALF),),
        "olver2010: (10.32.2)",
    ),
    "bessel-variance": Inequality(
        _bessel_variance, lambda _, x: (x,), lambda order, _: (add(order, HALF),), "amos1974; olver2010: (10.32.2)"
    ),
    "superadditive": Inequality(
        lambda squares, total, direction: add(squares, mul(-1, trigamma(total), power(direction, 2))),
        lambda _squares, total, _direction: (total.body,),
        lambda *_: (),
        "wainwright2008: prop. 3.1",
        strict=False,
        fits=_of_dirichlet,
    ),
    "beta": Inequality(_beta, lambda a, _u, b, _v: (a, b), lambda *_: (), "wainwright2008: prop. 3.1", strict=False),
}


@node
class Excess(Margin):
    """The excess in a known inequality, by its name in ``INEQUALITIES``, for some arguments."""

    inequality: str
    args: tuple[Expr, ...]

    def __post_init__(self) -> None:
        """Refuse a name that is not known."""
        if self.inequality not in INEQUALITIES:
            raise ModelError(f"no inequality is called {self.inequality!r}; there are: {', '.join(INEQUALITIES)}")

    @property
    def statement(self) -> Inequality:
        """The inequality."""
        return INEQUALITIES[self.inequality]

    @property
    def definition(self) -> Expr:
        """The greater side less the smaller one."""
        return self.statement.excess(*self.args)

    def rebuild(self, *children: Expr) -> Expr:
        return Excess(self.inequality, children)
