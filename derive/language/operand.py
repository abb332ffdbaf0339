"""The arithmetic operators, for everything that can stand in a formula."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from fractions import Fraction
from functools import singledispatch
from typing import Any, Generic, TypeVar

from derive.errors import ModelError
from derive.language.comparison import Comparison, strict

ExprT = TypeVar("ExprT")
Numeric = int | Fraction


class Operand(ABC, Generic[ExprT]):
    """What can stand in a formula. Subclasses say how to add, multiply and raise to a power; operators follow."""

    @abstractmethod
    def plus(self, other: "Operand[ExprT] | Numeric") -> ExprT:
        """Return self + other."""

    @abstractmethod
    def times(self, other: "Operand[ExprT] | Numeric", *, other_first: bool = False) -> ExprT:
        """Return self * other, or other * self."""

    @abstractmethod
    def to_the(self, exponent: Numeric) -> ExprT:
        """Return self ** exponent."""

    @abstractmethod
    def transposed(self) -> ExprT:
        """Return the transpose."""

    def __add__(self, other: "Operand[ExprT] | Numeric") -> ExprT:
        return self.plus(other)

    def __radd__(self, other: Numeric) -> ExprT:
        return self.plus(other)

    def __sub__(self, other: "Operand[ExprT] | Numeric") -> ExprT:
        return self.plus(-other)  # type: ignore[arg-type]

    def __rsub__(self, other: Numeric) -> ExprT:
        return (-self).plus(other)  # type: ignore[attr-defined, no-any-return]

    def __mul__(self, other: "Operand[ExprT] | Numeric") -> ExprT:
        return self.times(other)

    def __rmul__(self, other: Numeric) -> ExprT:
        return self.times(other, other_first=True)

    __matmul__ = __mul__

    def __truediv__(self, other: "Operand[ExprT] | Numeric") -> ExprT:
        if isinstance(other, Operand):
            return self.times(other.to_the(-1))  # type: ignore[arg-type]
        if other == 0:
            raise ModelError(f"{self} is divided by zero")
        return self.times(Fraction(1) / other)

    def __rtruediv__(self, other: Numeric) -> ExprT:
        return self.to_the(-1).times(other)  # type: ignore[attr-defined, no-any-return]

    def __pow__(self, exponent: "Operand[ExprT] | Numeric") -> ExprT:
        return raised(exponent, self) if isinstance(exponent, Operand) else self.to_the(exponent)

    def __rpow__(self, base: Numeric) -> ExprT:
        return raised(self, base)  # type: ignore[no-any-return]

    def __neg__(self) -> ExprT:
        return self.times(-1)

    def __pos__(self) -> ExprT:
        return self.plus(0)

    def __le__(self, other: object) -> Comparison:
        return Comparison(self, other)

    def __ge__(self, other: object) -> Comparison:
        return Comparison(other, self)

    def __lt__(self, other: object) -> Comparison:
        raise strict(self, other)

    def __gt__(self, other: object) -> Comparison:
        raise strict(self, other)

    def __abs__(self) -> ExprT:
        raise ModelError(f"abs is for numbers; write absolute({self}), of derive")

    def __iter__(self) -> Iterator[ExprT]:
        raise ModelError(f"{self} is a formula, not a list: a sum over a plate is sum_over(d, ...), of derive")

    def __float__(self) -> float:
        raise ModelError(f"{self} is a formula, which math has no value of: use log, exp, sqrt, ... of derive")

    def __array_ufunc__(self, ufunc: Any, *_: object, **__: object) -> Any:  # noqa: ANN401 - as NumPy has it
        raise ModelError(
            f"NumPy's {getattr(ufunc, '__name__', ufunc)} is for arrays; {self} is a formula: use the functions of "
            "derive, and whole numbers or Fraction"
        )

    def __bool__(self) -> bool:
        raise ModelError(f"{self} is a formula and has no truth value; a density cannot branch on it")

    @property
    def T(self) -> ExprT:
        """The transpose."""
        return self.transposed()


@singledispatch
def raised(exponent: object, base: object) -> Any:  # noqa: ANN401 - the formula, whose class stands above this one
    """Return base ** exponent for an exponent that is a formula (see ``symbolic_power.py``)."""
    raise ModelError(f"{base} has the exponent {exponent!r}: exponents are numbers or formulas")
