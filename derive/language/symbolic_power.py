"""Powers whose exponent is a formula, such as x_n ** alpha_k: exp(alpha log x), for a positive base only."""

from derive.errors import ModelError
from derive.language.expr import Add, Expr, Mul, Number, Power, add, as_expr, mul, power
from derive.language.operand import Numeric, Operand, raised
from derive.language.tree import node


@node
class SymbolicPower(Expr):
    """A positive scalar raised to a scalar exponent that is no number; rational powers of it are ``Power`` nodes."""

    base: Expr
    exponent: Expr

    @property
    def positive(self) -> bool:
        return self.base.positive

    def rebuild(self, *children: Expr) -> Expr:
        return symbolic_power(*children)


def symbolic_power(base: Operand[Expr] | Numeric, exponent: Operand[Expr] | Numeric) -> Expr:
    """Return base ** exponent; numbers in the exponent are split off, so that powers of one base can cancel.

    x^(2 a) is (x^a)^2 and x^(a - 1) is x^a x^-1. That the base is positive is checked where a value is computed.
    """
    base, exponent = as_expr(base), as_expr(exponent)
    if not (base.shape.is_scalar and exponent.shape.is_scalar):
        raise ModelError(f"cannot raise {base} ({base.shape}) to {exponent} ({exponent.shape}): only scalars")
    if isinstance(base, Number) and base.value <= 0:
        raise ModelError(f"{base.value} is raised to the power {exponent}: the base must be positive")
    if isinstance(exponent, Number):
        return power(base, exponent.value)
    if base == as_expr(1):
        return base
    if isinstance(base, SymbolicPower) or (isinstance(base, Power) and base.base.positive):
        return symbolic_power(base.base, mul(base.exponent, exponent))
    if isinstance(exponent, Add) and isinstance(exponent.terms[-1], Number):
        *terms, number = exponent.terms
        return mul(symbolic_power(base, add(*terms)), symbolic_power(base, number))
    if isinstance(exponent, Mul) and isinstance(exponent.factors[0], Number):
        return power(symbolic_power(base, mul(*exponent.factors[1:])), exponent.factors[0].value)
    return SymbolicPower(base, exponent)


@raised.register
def _formula(exponent: Operand, base: Operand[Expr] | Numeric) -> Expr:  # type: ignore[type-arg]
    return symbolic_power(base, exponent)
