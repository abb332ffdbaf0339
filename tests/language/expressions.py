"""Random expressions over a few symbols, for properties that must hold of any."""

from fractions import Fraction

from hypothesis import strategies as st

from derive.language import (
    Data,
    Diagonal,
    Dimension,
    Expr,
    Index,
    Known,
    Parameter,
    Positive,
    PositiveDefinite,
    diagonal_part,
    inverse,
    ordinal,
    sum_over,
    trace,
)
from derive.language.numbered import cases

n, k, j, D = Index("n", "N"), Index("k", "K"), Index("j", "K"), Dimension("D")
x, y = Data("x", n, shape=D), Known("y", n)
mu, a, u = Parameter("mu", k, shape=D), Parameter("a", k), Parameter("u", k, domain=Positive)
S, T, M = Parameter("S", k, domain=PositiveDefinite(D)), Parameter("T", domain=Diagonal(D)), Known("M", shape=(D, D))
SIZES = {"N": 3, "K": 4, "D": 2}

numbers = st.fractions(-3, 3, max_denominator=4).filter(bool)
scalar_atoms = st.sampled_from([y[n], a[k], u[k], a[j], ordinal(k), cases(k, (2, 3), (u[k], a[j]), a[k])])
column_atoms = st.sampled_from([x[n], mu[k], mu[j], cases(j, (1,), (mu[k],), x[n])])
matrix_atoms = st.sampled_from([S[k], T.symbol, M.symbol, M.T, inverse(S[k]), S[j], cases(k, (3,), (M.symbol,), S[k])])


@st.composite
def columns(draw: st.DrawFn, depth: int) -> Expr:
    """A vector."""
    kind = draw(st.integers(0, 4)) if depth else 0
    if kind == 1:
        return draw(columns(depth - 1)) + draw(columns(depth - 1))
    if kind == 2:
        return draw(scalars(depth - 1)) * draw(columns(depth - 1))
    if kind == 3:
        return draw(matrices(depth - 1)) * draw(columns(depth - 1))
    if kind == 4:
        return sum_over(draw(st.sampled_from([n, k, j])), draw(columns(depth - 1)))
    return draw(column_atoms)


@st.composite
def matrices(draw: st.DrawFn, depth: int) -> Expr:
    """A square matrix."""
    kind = draw(st.integers(0, 6)) if depth else 0
    if kind == 1:
        return draw(matrices(depth - 1)) + draw(matrices(depth - 1))
    if kind == 2:
        return draw(scalars(depth - 1)) * draw(matrices(depth - 1))
    if kind == 3:
        return draw(matrices(depth - 1)) * draw(matrices(depth - 1))
    if kind == 4:
        return sum_over(draw(st.sampled_from([n, k, j])), draw(matrices(depth - 1)))
    if kind == 5:
        return draw(columns(depth - 1)) * draw(columns(depth - 1)).T
    if kind == 6:
        return diagonal_part(draw(matrices(depth - 1))).T
    return draw(matrix_atoms)


@st.composite
def scalars(draw: st.DrawFn, depth: int) -> Expr:
    """A scalar."""
    kind = draw(st.integers(0, 7)) if depth else 0
    if kind == 1:
        return draw(scalars(depth - 1)) + draw(scalars(depth - 1))
    if kind == 2:
        return draw(scalars(depth - 1)) * draw(scalars(depth - 1))
    if kind == 3:
        return draw(numbers) * draw(scalars(depth - 1))
    if kind == 4:
        return sum_over(draw(st.sampled_from([n, k, j])), draw(scalars(depth - 1)))
    if kind == 5:
        return draw(columns(depth - 1)).T * draw(columns(depth - 1))
    if kind == 6:
        return trace(draw(matrices(depth - 1)))
    if kind == 7:
        return draw(scalars(depth - 1)) ** 2
    return draw(scalar_atoms)


expressions = st.one_of(scalars(3), columns(3), matrices(3))
half = Fraction(1, 2)
