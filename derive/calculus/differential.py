"""Differentials, one named rule a node (Magnus and Neudecker 2019, chapter 8). A differential is linear in d theta."""

from dataclasses import dataclass
from functools import singledispatch

from derive.errors import NoClosedFormError
from derive.language.domain import tangent_space
from derive.language.expr import Add, Expr, Mul, Power, Transpose, Word, add, mul, power
from derive.language.family import Family, Role, Symbol
from derive.language.functions import (
    DiagonalPart,
    Exp,
    Inverse,
    Log,
    LogDet,
    Sum,
    Trace,
    diagonal_part,
    exp,
    inverse,
    sum_over,
    trace,
)
from derive.language.rewrite import mentions


def direction(family: Family) -> Family:
    """Return the family of the differentials d theta, which live in the tangent space of the domain of theta."""
    return Family(
        f"d({family.name})",  # no name of a user's symbol, which are identifiers
        Role.DIFFERENTIAL,
        family.indices,
        family.shape,
        tangent_space(family.domain),
        differential_of=family,
    )


def differential(expr: Expr, family: Family) -> Expr:
    """Return d expr, as linear in the differentials of the family's members."""
    if not expr.contains(mentions(family)):
        return mul(0, expr)
    return _rule(expr, family)


@dataclass(frozen=True)
class Rule:
    """A rule of differentiation as documents state it, and its equation in the Matrix Cookbook or the DLMF, if any."""

    formula: str
    cookbook: str = ""
    dlmf: str = ""


RULES: dict[type[Expr], Rule] = {
    Word: Rule("d(AB) = (dA)B + A dB", "(37)"),
    Power: Rule("d u^p = p u^(p-1) du"),
    Log: Rule("d log u = du / u"),
    Exp: Rule("d exp u = exp(u) du"),
    Inverse: Rule("d A^-1 = -A^-1 (dA) A^-1", "(40)"),
    LogDet: Rule("d log|A| = tr(A^-1 dA)", "(43)"),
    Trace: Rule("d tr A = tr dA", "(36)"),
}


def rules_used(expr: Expr, family: Family) -> tuple[Rule, ...]:
    """Return the rules that ``differential`` applies, in order of first use; linearity is not named."""
    if not expr.contains(mentions(family)):
        return ()
    here = [RULES[type(expr)]] if type(expr) in RULES else []
    return tuple(dict.fromkeys(here + [rule for child in expr.children for rule in rules_used(child, family)]))


def citation(rules: tuple[Rule, ...]) -> str:
    """Return the source of the rules: their equations in the Matrix Cookbook and the DLMF, nothing for simple ones."""
    cookbook = ", ".join(sorted(rule.cookbook for rule in rules if rule.cookbook))
    dlmf = ", ".join(sorted(rule.dlmf for rule in rules if rule.dlmf))
    sources = ((f"petersen2012: {cookbook}", cookbook), (f"olver2010: {dlmf}", dlmf))
    return "; ".join(source for source, numbers in sources if numbers)


@singledispatch
def _rule(expr: Expr, family: Family) -> Expr:
    raise NoClosedFormError(f"no rule differentiates {type(expr).__name__.lower()} in {family}: {expr}")


register = _rule.register  # for the rules of other files


@_rule.register
def _symbol(expr: Symbol, family: Family) -> Expr:
    """Rename theta_k to d theta_k."""
    return Symbol(direction(family), expr.indices)


@_rule.register
def _sum_of_terms(expr: Add, family: Family) -> Expr:
    """d(A + B) = dA + dB."""
    return add(*(differential(term, family) for term in expr.terms))


@_rule.register
def _product_of_scalars(expr: Mul, family: Family) -> Expr:
    """d(a b C) = (da) b C + a (db) C + a b dC."""
    return _leibniz(expr, family)


@_rule.register
def _product_of_matrices(expr: Word, family: Family) -> Expr:
    """d(AB) = (dA) B + A dB, in this order."""
    return _leibniz(expr, family)


def _leibniz(expr: Expr, family: Family) -> Expr:
    parts = expr.children
    depends = mentions(family)
    return add(
        *(
            mul(*parts[:i], differential(part, family), *parts[i + 1 :])
            for i, part in enumerate(parts)
            if part.contains(depends)
        )
    )


@_rule.register
def _power(expr: Power, family: Family) -> Expr:
    """d u^p = p u^(p-1) du."""
    return mul(expr.exponent, power(expr.base, expr.exponent - 1), differential(expr.base, family))


@_rule.register
def _log(expr: Log, family: Family) -> Expr:
    """d log u = du / u."""
    return mul(power(expr.arg, -1), differential(expr.arg, family))


@_rule.register
def _exp(expr: Exp, family: Family) -> Expr:
    """d exp u = exp(u) du."""
    return mul(exp(expr.arg), differential(expr.arg, family))


@_rule.register
def _inverse(expr: Inverse, family: Family) -> Expr:
    """d A^-1 = -A^-1 (dA) A^-1."""
    return mul(-1, expr, differential(expr.arg, family), expr)


@_rule.register
def _logdet(expr: LogDet, family: Family) -> Expr:
    """d log|A| = tr(A^-1 dA)."""
    return trace(mul(inverse(expr.arg), differential(expr.arg, family)))


@_rule.register
def _trace(expr: Trace, family: Family) -> Expr:
    """d tr A = tr dA."""
    return trace(differential(expr.arg, family))


@_rule.register
def _transpose(expr: Transpose, family: Family) -> Expr:
    """d A' = (dA)'."""
    return differential(expr.arg, family).transposed()


@_rule.register
def _diagonal_part(expr: DiagonalPart, family: Family) -> Expr:
    """Taking the diagonal is linear."""
    return diagonal_part(differential(expr.arg, family))


@_rule.register
def _sum(expr: Sum, family: Family) -> Expr:
    """Summing over a plate is linear."""
    return sum_over(expr.index, differential(expr.body, family))
