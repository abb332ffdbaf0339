"""Differences that declared bounds make nonnegative: 1 - theta of a probability, t - x of a count up to t."""

from dataclasses import dataclass
from fractions import Fraction

from derive.language.domain import AtLeast, CountUpTo
from derive.language.expr import Add, Expr, Mul, Number, Power, add, mul, power
from derive.language.family import Family, Role, Symbol
from derive.language.functions import Log, Size, Sum, sum_over
from derive.language.larger import Holds, Larger, Smaller
from derive.language.rewrite import coefficient, collect, factors

ONE = Number(Fraction(1))


def within_bounds(terms: tuple[Expr, ...], *, strictly: bool = False) -> tuple[Expr, ...]:
    """Return the terms that are left after each pair b - a with a <= b (strictly: a < b) has been struck out."""
    left = list(terms)
    for smaller in terms:
        for larger in terms:
            if smaller in left and larger in left and _is_difference(larger, smaller, strictly=strictly):
                left.remove(smaller)
                left.remove(larger)
    return tuple(left)


def _is_difference(larger: Expr, smaller: Expr, *, strictly: bool) -> bool:
    """Whether larger + smaller is c (b - a) with c > 0 and a known not to exceed b."""
    above, b = coefficient(larger)
    below, a = coefficient(smaller)
    if isinstance(a, Symbol) and a.family.domain.at_most_one and b == ONE:
        enough = above >= -below > 0
        return enough and (not strictly or a.family.domain.below_one or above > -below)
    if isinstance(b, Size) and a == ONE:  # a size is at least one
        return above >= -below > 0 and (not strictly or above > -below)
    if strictly or above <= 0 or above != -below:
        return False
    if isinstance(a, Log) and isinstance(b, Log):
        a, b = a.arg, b.arg
    return _bounded(a, b) or _is_summand(a, b) or _is_share(a, b)


def _is_share(a: Expr, b: Expr) -> bool:
    """Whether no term of the sum b is below that of a: sum gamma_n x_n <= sum gamma_n t_n where 0 <= x_n <= t_n.

    A term of a is one of b times numbers that are at most one, or has one factor in the place of its bound.
    """
    if isinstance(a, Sum) and isinstance(b, Sum) and a.index == b.index:
        return _is_share(a.body, b.body)
    if isinstance(a, Sum) and b == Size(a.index.size):  # sum_n x_n <= N
        return _is_share(a.body, ONE)
    whole, rest = [] if b == ONE else list(factors(b)), list(factors(a))
    for factor in factors(b):
        if factor in rest:
            rest.remove(factor)
            whole.remove(factor)
    if not all(map(_manifest, factors(b))):
        return False
    if len(whole) == len(rest) == 1:
        return _bounded(rest[0], whole[0])
    return not whole and all(isinstance(factor, Symbol) and factor.family.domain.at_most_one for factor in rest)


def _is_summand(a: Expr, b: Expr) -> bool:
    """Whether a is a term of b, a sum of symbols that are not negative."""
    if not (isinstance(a, Symbol) and isinstance(b, Sum) and isinstance(b.body, Symbol)):
        return False
    same = a.family == b.body.family and a.family.domain.nonnegative
    return same and all(
        i in (j, *([i] if j == b.index else [])) for i, j in zip(a.indices, b.body.indices, strict=True)
    )


def _bounded(a: Expr, b: Expr) -> bool:
    """Whether a <= b follows from the domain of one of them, or since one is the larger or smaller of two."""
    if isinstance(a, Holds) and b == ONE:
        return True
    if isinstance(b, Add) and a in b.terms and all(term == a or _manifest(term) for term in b.terms):
        return True
    if (isinstance(a, Smaller) and b in a.children) or (isinstance(b, Larger) and a in b.children):
        return True
    if isinstance(a, Symbol) and isinstance(a.family.domain, CountUpTo):
        return bound_of(a, a.family.domain) == b
    if isinstance(b, Symbol) and isinstance(b.family.domain, AtLeast):
        return bound_of(b, b.family.domain) == a
    return False


def bound_of(symbol: Symbol, domain: AtLeast | CountUpTo) -> Expr:
    """Return what bounds this member: a number, or a member of the bounding family."""
    bound, at = domain.bound, dict(zip(symbol.family.indices, symbol.indices, strict=True))
    if isinstance(bound, Expr):
        return bound
    assert isinstance(bound, Family)  # noqa: S101 - for the type checker: declared so
    return Symbol(bound, tuple(at[index] for index in bound.indices))


@dataclass(frozen=True)
class End:
    """An end of the interval in which a parameter lies, which belongs to it: slack >= 0 there."""

    value: Expr
    slack: Expr
    lower: bool


def ends(symbol: Symbol) -> tuple[End, ...]:
    """Return the ends of a scalar's domain that belong to it, the lower one first; none of an open or real one."""
    domain = symbol.family.domain
    if not symbol.shape.is_scalar or domain.sums_to_one or domain.integer:
        return ()
    if isinstance(domain, AtLeast):
        bound = bound_of(symbol, domain)
        return (End(bound, add(symbol, mul(-1, bound)), lower=True),)
    if not domain.nonnegative or domain.positive:
        return ()
    zero = End(Number(Fraction(0)), symbol, lower=True)
    return (zero, End(ONE, add(ONE, mul(-1, symbol)), lower=False)) if domain.at_most_one else (zero,)


def at_least_one(ratio: Expr) -> bool:
    """Whether a ratio b / a is known not to be below one, or a sum such as 1 + x with x >= 0."""
    if isinstance(ratio, Add):
        return ONE in ratio.terms and all(map(_manifest, (part for term in ratio.terms for part in factors(term))))
    if not isinstance(ratio, Mul):
        return False
    below = mul(*(power(factor, -1) for factor in factors(ratio) if isinstance(factor, Power) and factor.exponent < 0))
    above = mul(*(factor for factor in factors(ratio) if not (isinstance(factor, Power) and factor.exponent < 0)))
    return _bounded(below, above)


def below_one(value: Expr, *, strictly: bool = True) -> bool:
    """Whether a number is a probability, or what is left of one: p or 1 - p."""
    if isinstance(value, Add) and ONE in value.terms:
        value = mul(-1, add(*(term for term in value.terms if term != ONE)))
    domain = value.family.domain if isinstance(value, Symbol) else None
    return domain is not None and domain.nonnegative and (domain.below_one if strictly else domain.at_most_one)


def at_lowest(terms: tuple[Expr, ...]) -> Expr | None:
    """Return a sum with every number that is ``AtLeast(b)`` at b, where the sum does not fall as it grows.

    The sum is at least what is returned: alpha_k + N_k - 1 >= N_k where alpha_k >= 1. None where nothing is so bounded.
    """
    lowered = tuple(_lowered(term) for term in terms)
    return None if lowered == terms else collect(add(*lowered))


def _lowered(term: Expr) -> Expr:
    match term:
        case Symbol(family, _) if isinstance(family.domain, AtLeast):
            return bound_of(term, family.domain)
        case Sum(index, body):
            return sum_over(index, _lowered(body))
        case Mul(parts) if all(map(_manifest, parts)):
            return mul(*map(_lowered, parts))
    return term


def _manifest(factor: Expr) -> bool:
    """Whether a factor is nonnegative by its kind or declared domain alone."""
    match factor:
        case Number(value):
            return value >= 0
        case Symbol(family, _):
            return family.domain.nonnegative or family.role is Role.RESPONSIBILITY
        case Sum(_, body):
            return _manifest(body)
        case Power(base, exponent):
            return exponent > 0 and _manifest(base)
    return isinstance(factor, Size)
