"""Values that a parameter is given: exact, of its shape, and in its domain."""

from fractions import Fraction

from derive.errors import ModelError
from derive.language.domain import Domain, Simplex, UnitVector
from derive.language.expr import Add, Expr, Identity, Mul, Number, Power, Zero, as_expr
from derive.language.family import Family, Symbol
from derive.language.functions import Constant, Exp, Inverse, Size
from derive.language.numbered import Cases, Ordinal
from derive.language.operand import Operand

ORDER = {"spherical": 0, "diagonal": 1, "symmetric": 2, "full": 3}
Value = int | Fraction | Operand[Expr]


def checked_value(model: str, family: Family, value: Value) -> Expr:
    """Return the value as an expression of the family's shape, in its domain; the number 0 stands for a zero vector.

    Raises ModelError for a float, another shape (both are shown), or a value that is not known to lie in the domain.
    """
    if isinstance(value, float):
        raise ModelError(
            f"{model}: {family} = {value!r} is not exact: give it as text, '{family.name} = {value!r}', which is read "
            f"as a decimal, or as Fraction"
        )
    expr = as_expr(value)
    if expr == Number(Fraction(0)) and not family.shape.is_scalar:
        expr = Zero(family.shape.rows, family.shape.cols)
    if expr.shape != family.shape:
        hint = ""
        if family.shape.is_square and expr.shape.is_scalar:
            hint = "; a multiple of the identity matrix is written 2*I"
        elif not family.shape.is_scalar:
            hint = f"; to give its entries, fix {family.name} without a value: it becomes a known constant"
        raise ModelError(f"{model}: {family} is {family.shape}, but {expr} is {expr.shape}: the shapes differ{hint}")
    if not in_domain(expr, family.domain):
        raise ModelError(f"{model}: {family} = {expr} is not known to lie in its domain {family.domain.name}")
    return expr


def in_domain(expr: Expr, domain: Domain) -> bool:
    """Whether an expression of the right shape is known to take values in a domain."""
    if isinstance(domain, Simplex | UnitVector):
        return isinstance(expr, Symbol) and isinstance(expr.family.domain, type(domain))
    if isinstance(expr, Symbol) and isinstance(expr.family.domain, type(domain)):
        return True
    if domain.positive and not is_positive(expr):
        return False
    if domain.nonnegative and not (is_positive(expr) or _is_nonnegative(expr)):
        return False
    if domain.at_most_one or domain.integer or hasattr(domain, "bound"):
        return isinstance(expr, Number) and _is_bounded(expr.value, domain)
    return domain.side is None or ORDER[structure(expr)] <= ORDER[domain.structure]


def _is_bounded(value: Fraction, domain: Domain) -> bool:
    """Whether a number satisfies what a domain says beyond its sign."""
    if hasattr(domain, "bound") or (domain.integer and value.denominator != 1):
        return False
    return value < 1 if domain.below_one else value <= 1 or not domain.at_most_one


def is_positive(expr: Expr) -> bool:
    """Whether an expression is positive, or positive definite, by the domains of its symbols."""
    match expr:
        case Number(value):
            return value > 0
        case Identity() | Size() | Ordinal() | Exp() | Constant():
            return True
        case Power(base, _) | Inverse(base):
            return is_positive(base)
        case Mul() | Add() | Cases():
            return all(map(is_positive, expr.children))
    return expr.positive


def _is_nonnegative(expr: Expr) -> bool:
    match expr:
        case Number(value):
            return value >= 0
        case Zero():
            return True
        case Symbol(family, _):
            return family.domain.nonnegative
        case Mul() | Add() | Cases():
            return all(is_positive(child) or _is_nonnegative(child) for child in expr.children)
        case Power(base, exponent):
            return exponent.denominator == 1 and exponent.numerator % 2 == 0 and base.shape.is_scalar
    return False


def structure(expr: Expr) -> str:
    """Return the space that a square matrix is known to lie in: "spherical", "diagonal", "symmetric" or "full"."""
    match expr:
        case Identity() | Zero():
            return "spherical"
        case Symbol(family, _):
            return family.domain.structure
        case Mul(factors):
            return structure(factors[-1])
        case Inverse(arg):
            return structure(arg)
        case Add() | Cases():
            return max(map(structure, expr.children), key=ORDER.__getitem__)
    return "symmetric" if expr.symmetric else "full"
