"""Exact numbers: rationals, rigorous balls, and Taylor jets over both, with the matrix algebra that evaluation needs.

Rationals are python-flint's ``fmpq``; logs and exponentials are ``arb`` balls, which enclose the true value. A jet
a + b t + c t^2 carries the first two derivatives along a direction without any tolerance.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any

from flint import arb, fmpq

Scalar = Any  # fmpq | arb | Jet: python-flint ships no types
Matrix = tuple[tuple[Scalar, ...], ...]
AGREEMENT_BITS = 60
ZERO = fmpq(0)


class OutsideDomainError(ArithmeticError):
    """The log or a root of what is not positive: the expression has no value there."""


class UndecidedError(ArithmeticError):
    """Balls overlap, but are too wide to call their centres equal: more precision is needed."""


@dataclass(frozen=True)
class Jet:
    """Truncated Taylor polynomial: value, first and second coefficient (second derivative halved)."""

    a: Scalar
    b: Scalar
    c: Scalar

    @staticmethod
    def of(value: Scalar) -> "Jet":
        """Return a constant as a jet."""
        return value if isinstance(value, Jet) else Jet(value, ZERO, ZERO)

    def __add__(self, other: Scalar) -> "Jet":
        o = Jet.of(other)
        return Jet(self.a + o.a, self.b + o.b, self.c + o.c)

    __radd__ = __add__

    def __neg__(self) -> "Jet":
        return Jet(-self.a, -self.b, -self.c)

    def __sub__(self, other: Scalar) -> "Jet":
        return self + (-Jet.of(other))

    def __rsub__(self, other: Scalar) -> "Jet":
        return Jet.of(other) + (-self)

    def __mul__(self, other: Scalar) -> "Jet":
        o = Jet.of(other)
        a, b, c = times(self.a, o.a), times(self.a, o.b) + times(self.b, o.a), times(self.b, o.b)
        return Jet(a, b, times(self.a, o.c) + c + times(self.c, o.a))

    __rmul__ = __mul__

    def reciprocal(self) -> "Jet":
        """Return 1 / self."""
        r = 1 / self.a
        b = -times(times(self.b, r), r)
        return Jet(r, b, -times(times(self.b, b) + times(self.c, r), r))

    def __truediv__(self, other: Scalar) -> "Jet":
        return self * Jet.of(other).reciprocal()

    def __rtruediv__(self, other: Scalar) -> "Jet":
        return Jet.of(other) * self.reciprocal()


def times(left: Scalar, right: Scalar) -> Scalar:
    """Product of two plain numbers that stays the exact zero where one factor is: no ball times zero."""
    return ZERO if left is ZERO or right is ZERO else left * right


def rational(value: Fraction) -> fmpq:
    """Return an exact fraction as fmpq."""
    return fmpq(value.numerator, value.denominator)


def ball(value: Scalar) -> arb:
    """Return a rigorous enclosure of a number, at the working precision that the caller has set."""
    return value if isinstance(value, arb) else arb(value)


def log(value: Scalar) -> Scalar:
    """Natural logarithm; the derivatives of a jet stay rational where its parts are."""
    if isinstance(value, Jet):
        require_positive(value.a)
        inverse = 1 / value.a
        ratio = times(value.b, inverse)
        return Jet(log(value.a), ratio, times(value.c, inverse) - times(ratio, ratio) / 2)
    require_positive(value)
    return fmpq(0) if isinstance(value, fmpq) and value == 1 else ball(value).log()


def require_positive(value: Scalar) -> None:
    """Raise OutsideDomainError for a number that is not positive, UndecidedError for a ball that may be."""
    if not value > 0:
        if isinstance(value, arb) and value.contains(0) and value.is_finite():
            raise UndecidedError
        raise OutsideDomainError("the log or a root is taken of a value that is not positive")


def exp(value: Scalar) -> Scalar:
    """Exponential."""
    if isinstance(value, Jet):
        e = exp(value.a)
        return Jet(e, times(value.b, e), times(value.c + times(value.b, value.b) / 2, e))
    return fmpq(1) if isinstance(value, fmpq) and value == 0 else ball(value).exp()


def power(value: Scalar, exponent: Fraction) -> Scalar:
    """Rational power; exact for whole exponents."""
    if exponent.denominator == 1:
        result, base = fmpq(1), value if exponent > 0 else 1 / value
        for _ in range(abs(int(exponent))):
            result = result * base
        return result
    if isinstance(value, fmpq) and exponent.denominator == 2:
        root = Fraction(int(value.p), int(value.q))
        above, below = _whole_root(root.numerator), _whole_root(root.denominator)
        if above is not None and below is not None:
            return power(fmpq(above, below), Fraction(exponent.numerator))
    if isinstance(value, fmpq) and value == 0 and exponent > 0:
        return value
    return exp(rational(exponent) * log(value))


def _whole_root(value: int) -> int | None:
    if value < 0:
        return None
    whole = isqrt(value)
    return whole if whole * whole == value else None


def agree(left: Scalar, right: Scalar) -> bool:
    """Whether two numbers are equal: exactly for rationals, as overlapping balls of tiny relative radius otherwise.

    Raises UndecidedError where the balls are too wide to tell.
    """
    difference = left - right
    if isinstance(difference, fmpq):
        return bool(difference == 0)
    if not difference.is_finite():
        raise OutsideDomainError("a value is not a finite number")
    if not difference.contains(0):
        return False
    if difference.rad() > (1 + abs(ball(left)) + abs(ball(right))) * arb(2) ** -AGREEMENT_BITS:
        raise UndecidedError
    return True


def matmul(left: Matrix, right: Matrix) -> Matrix:
    """Matrix product."""
    columns = tuple(zip(*right, strict=True))
    return tuple(tuple(_dot(row, column) for column in columns) for row in left)


def _dot(row: tuple[Scalar, ...], column: tuple[Scalar, ...]) -> Scalar:
    total = row[0] * column[0]
    for a, b in zip(row[1:], column[1:], strict=True):
        total = total + a * b
    return total


def add(left: Matrix, right: Matrix) -> Matrix:
    """Sum, entry by entry."""
    return tuple(tuple(a + b for a, b in zip(r, s, strict=True)) for r, s in zip(left, right, strict=True))


def scale(factor: Scalar, matrix: Matrix) -> Matrix:
    """Multiply every entry."""
    return tuple(tuple(factor * entry for entry in row) for row in matrix)


def transpose(matrix: Matrix) -> Matrix:
    """Rows and columns exchanged."""
    return tuple(zip(*matrix, strict=True))


def identity(size: int) -> Matrix:
    """Return the identity matrix."""
    return tuple(tuple(fmpq(int(i == j)) for j in range(size)) for i in range(size))


def eliminate(matrix: Matrix) -> tuple[Matrix, Scalar]:
    """Return inverse and determinant by Gauss-Jordan elimination; ZeroDivisionError where it is singular."""
    size = len(matrix)
    work = [list(row) + list(unit) for row, unit in zip(matrix, identity(size), strict=True)]
    determinant: Scalar = fmpq(1)
    for column in range(size):
        pivot = next((r for r in range(column, size) if _constant(work[r][column]) != 0), None)
        if pivot is None:
            raise ZeroDivisionError("singular matrix")
        if pivot != column:
            work[column], work[pivot] = work[pivot], work[column]
            determinant = -determinant
        determinant = determinant * work[column][column]
        head = 1 / work[column][column]
        work[column] = [head * entry for entry in work[column]]
        for row in range(size):
            if row != column:
                factor = work[row][column]
                work[row] = [e - factor * p for e, p in zip(work[row], work[column], strict=True)]
    return tuple(tuple(row[size:]) for row in work), determinant


def _constant(value: Scalar) -> Scalar:
    return value.a if isinstance(value, Jet) else value


def cholesky(matrix: Matrix) -> Matrix:
    """Lower triangular L with L L' = matrix; rational where the roots are."""
    size = len(matrix)
    rows: list[list[Scalar]] = [[fmpq(0)] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            rest = matrix[i][j]
            for m in range(j):
                rest = rest - rows[i][m] * rows[j][m]
            rows[i][j] = power(rest, Fraction(1, 2)) if i == j else rest / rows[j][j]
    return tuple(tuple(row) for row in rows)
