"""Functional equations that take data and parameters apart: log(a x) = log a + log x, exp(a + x) = exp a exp x, ..."""

from derive.language.expr import Add, Expr, Mul, Power, add, mul
from derive.language.family import Role, Symbol
from derive.language.functions import Exp, Log, exp, log
from derive.language.index import Index
from derive.language.rewrite import distribute, factors
from derive.language.special import Cos, Sin, cos, sin
from derive.language.symbolic_power import SymbolicPower, symbolic_power
from derive.proof.sign import positive


def is_parameter(expr: Expr) -> bool:
    """Whether a node is a parameter's symbol."""
    return isinstance(expr, Symbol) and expr.family.role is Role.PARAMETER


def opened(expr: Expr, sample: Index) -> Expr:
    """Apply the functional equations where a function is taken of data and parameters together."""
    expr = expr.map(lambda part: opened(part, sample))
    if sample not in expr.free or not expr.contains(is_parameter):
        return expr
    match expr:
        case Log(arg) if all(map(positive, factors(arg))):
            return add(*(_log(part) for part in factors(arg)))
        case SymbolicPower(base, exponent) if isinstance(base, Mul) and all(map(positive, base.factors)):
            return mul(*(_raised(part, exponent) for part in base.factors))
        case Exp(arg):
            data, rest = _split(arg, sample)
            return mul(exp(data), exp(rest))
        case Cos(arg):
            data, rest = _split(arg, sample)
            return add(mul(cos(data), cos(rest)), mul(-1, sin(data), sin(rest)))
        case Sin(arg):
            data, rest = _split(arg, sample)
            return add(mul(sin(data), cos(rest)), mul(cos(data), sin(rest)))
    return expr


def _log(part: Expr) -> Expr:
    return mul(part.exponent, log(part.base)) if isinstance(part, Power) else log(part)


def _raised(part: Expr, exponent: Expr) -> Expr:
    base, own = (part.base, part.exponent) if isinstance(part, Power) else (part, None)
    return symbolic_power(base, exponent if own is None else mul(own, exponent))


def _split(arg: Expr, sample: Index) -> tuple[Expr, Expr]:
    """Return the terms that depend on the samples, and the others."""
    parts = distribute(arg, lambda part: isinstance(part, Add) and sample in part.free and part.contains(is_parameter))
    return add(*(p for p in parts if sample in p.free)), add(*(p for p in parts if sample not in p.free))
