"""The functions of the language: log, exp, inverse, log det, trace, quadratic form, sums over plates."""

from fractions import Fraction

from derive.errors import ModelError
from derive.language.expr import Add, Expr, Identity, Mul, Number, Power, Zero, add, as_expr, mul, power
from derive.language.index import Extent, Index, Shape
from derive.language.operand import Numeric, Operand
from derive.language.symbolic_power import SymbolicPower
from derive.language.tree import node

Operandlike = Operand[Expr] | Numeric


@node
class Constant(Expr):
    """A named real constant, such as pi = 3.14..."""

    name: str


@node
class Size(Expr):
    """An abstract size as a number: N, K or D."""

    extent: Extent


@node
class Log(Expr):
    """Natural logarithm of a positive scalar."""

    arg: Expr

    def rebuild(self, *children: Expr) -> Expr:
        return log(children[0])


@node
class Exp(Expr):
    """Exponential of a scalar."""

    arg: Expr

    def rebuild(self, *children: Expr) -> Expr:
        return exp(children[0])


@node
class Inverse(Expr):
    """The inverse of a square matrix."""

    arg: Expr

    @property
    def inverse_of(self) -> Expr:
        """What cancels beside this in a product."""
        return self.arg

    @property
    def shape(self) -> Shape:
        return self.arg.shape

    @property
    def symmetric(self) -> bool:
        return self.arg.symmetric

    def rebuild(self, *children: Expr) -> Expr:
        return inverse(children[0])

    def transposed(self) -> Expr:
        return inverse(self.arg.transposed())


@node
class LogDet(Expr):
    """Logarithm of the determinant of a positive definite matrix."""

    arg: Expr

    def rebuild(self, *children: Expr) -> Expr:
        return logdet(children[0])


@node
class Trace(Expr):
    """Trace of a square matrix."""

    arg: Expr

    def rebuild(self, *children: Expr) -> Expr:
        return trace(children[0])


@node
class DiagonalPart(Expr):
    """The diagonal matrix that agrees with a square matrix on the diagonal."""

    arg: Expr
    symmetric = True

    @property
    def shape(self) -> Shape:
        return self.arg.shape

    def rebuild(self, *children: Expr) -> Expr:
        return diagonal_part(children[0])


@node
class Sum(Expr):
    """Sum of a scalar, vector or matrix over a plate."""

    index: Index
    body: Expr

    @property
    def shape(self) -> Shape:
        return self.body.shape

    @property
    def symmetric(self) -> bool:
        return self.body.symmetric

    @property
    def bound(self) -> frozenset[Index]:
        return frozenset((self.index,))

    def rebuild(self, *children: Expr) -> Expr:
        return sum_over(self.index, children[0])

    def transposed(self) -> Expr:
        return sum_over(self.index, self.body.transposed())


PI = Constant("pi")


def Dimension(name: str) -> Size:
    """Declare an abstract size, such as the number D of coordinates. It is also a number: ``D * log(2 * PI)``."""
    if not isinstance(name, str) or not name.isidentifier():
        raise ModelError(f"{name!r} cannot name a dimension: use a letter, as in Dimension('D')")
    return Size(Extent(name))


def _scalar(arg: Operandlike, function: str) -> Expr:
    arg = as_expr(arg)
    if not arg.shape.is_scalar:
        raise ModelError(f"{function} takes a scalar, but {arg} is {arg.shape}")
    return arg


def _square(arg: Operandlike, function: str) -> Expr:
    arg = as_expr(arg)
    if not (arg.shape.is_square or arg.shape.is_scalar):
        raise ModelError(f"{function} takes a square matrix, but {arg} is {arg.shape}")
    return arg


def log(arg: Operandlike) -> Expr:
    """Natural logarithm of a positive scalar. The log of an exponential is simplified, of a number <= 0 refused."""
    arg = _scalar(arg, "log")
    if isinstance(arg, Number) and arg.value <= 0:
        raise ModelError(f"log of {arg.value}: the argument must be positive")
    if isinstance(arg, Exp):
        return arg.arg
    if isinstance(arg, Power) and arg.base.positive:
        return mul(arg.exponent, log(arg.base))
    if isinstance(arg, SymbolicPower):
        return mul(arg.exponent, log(arg.base))
    return Number(Fraction(0)) if arg == Number(Fraction(1)) else Log(arg)


def exp(arg: Operandlike) -> Expr:
    """Exponential of a scalar."""
    arg = _scalar(arg, "exp")
    if isinstance(arg, Log):
        return arg.arg
    return Number(Fraction(1)) if arg == Number(Fraction(0)) else Exp(arg)


def sqrt(arg: Operandlike) -> Expr:
    """Square root of a nonnegative scalar."""
    return power(_scalar(arg, "sqrt"), Fraction(1, 2))


def inverse(arg: Operandlike) -> Expr:
    """Inverse of a square matrix, reciprocal of a scalar."""
    arg = _square(arg, "inverse")
    if arg.shape.is_scalar:
        return power(arg, -1)
    if isinstance(arg, Inverse | Identity):
        return arg.arg if isinstance(arg, Inverse) else arg
    if isinstance(arg, Mul):
        return mul(*(power(factor, -1) for factor in arg.factors[:-1]), inverse(arg.factors[-1]))
    return Inverse(arg)


def logdet(arg: Operandlike) -> Expr:
    """Logarithm of the determinant of a positive definite matrix (of a positive scalar, its logarithm)."""
    arg = _square(arg, "logdet")
    if arg.shape.is_scalar:
        return log(arg)
    if isinstance(arg, Inverse):
        return mul(-1, LogDet(arg.arg))
    return Number(Fraction(0)) if isinstance(arg, Identity) else LogDet(arg)


def trace(arg: Operandlike) -> Expr:
    """Trace of a square matrix; of a sum, the sum of the traces, with scalars in front."""
    arg = _square(arg, "trace")
    if arg.shape.is_scalar:
        return arg
    if isinstance(arg, Identity | Zero):
        return Size(arg.shape.rows) if isinstance(arg, Identity) else Number(Fraction(0))
    if isinstance(arg, Mul):
        return mul(*arg.factors[:-1], trace(arg.factors[-1]))
    if isinstance(arg, Add):
        return add(*map(trace, arg.terms))
    if isinstance(arg, Sum):
        return sum_over(arg.index, trace(arg.body))
    return Trace(arg)


def diagonal_part(arg: Operandlike) -> Expr:
    """Diagonal part of a square matrix, as a matrix; scalars stand in front, sums outside."""
    arg = _square(arg, "diagonal_part")
    if isinstance(arg, Mul):
        return mul(*arg.factors[:-1], diagonal_part(arg.factors[-1]))
    if isinstance(arg, Add):
        return add(*map(diagonal_part, arg.terms))
    if isinstance(arg, Sum):
        return sum_over(arg.index, diagonal_part(arg.body))
    return arg if isinstance(arg, Identity | DiagonalPart | Zero) else DiagonalPart(arg)


def transpose(arg: Operandlike) -> Expr:
    """Transpose; a scalar is its own."""
    return as_expr(arg).transposed()


def quad(matrix: Operandlike, vector: Operandlike) -> Expr:
    """Quadratic form v' A v of a D x D matrix and a vector of length D."""
    matrix, vector = as_expr(matrix), as_expr(vector)
    if matrix.shape != Shape(vector.shape.rows, vector.shape.rows) or vector.shape.cols.name != "1":
        raise ModelError(
            f"quad takes a D x D matrix and a vector of length D, but got {matrix.shape} and {vector.shape}"
        )
    return mul(vector.transposed(), matrix, vector)


def sum_over(index: Index, body: Operandlike) -> Expr:
    """Sum over a plate; a number stands in front, a body without the index is multiplied by the plate's size."""
    body = as_expr(body)
    if isinstance(body, Zero) or body == Number(Fraction(0)):
        return body
    if index not in body.free:
        return mul(Size(index.size), body)
    if isinstance(body, Mul) and isinstance(body.factors[0], Number):
        return mul(body.factors[0], sum_over(index, mul(*body.factors[1:])))
    return Sum(index, body)


def outer(left: Operandlike, right: Operandlike | None = None) -> Expr:
    """Outer product u v' of two vectors, u u' of one."""
    left = as_expr(left)
    return mul(left, (left if right is None else as_expr(right)).transposed())


def identity(size: Operandlike) -> Expr:
    """Identity matrix of a Dimension."""
    if not isinstance(size, Size):
        raise ModelError(f"identity({size!r}): give a Dimension, as in identity(D)")
    return Identity(size.extent)
