"""Signs that are proved, never sampled: an expression is rewritten until every term is a number times squares.

v' P v = |C'v|^2 and tr(P X P X) = |C'XC|^2 for P = C C' positive definite, X symmetric (Horn and Johnson 2013, 7.2.7).
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from derive.language.calculus_nodes import Factor, FrobeniusNorm, Gap, Named
from derive.language.excess import Excess
from derive.language.expr import Add, Expr, Identity, Mul, Number, Power, Word, add, mul, power
from derive.language.family import Role, Symbol
from derive.language.functions import Constant, DiagonalPart, Exp, Inverse, Log, Size, Sum, Trace, sum_over, trace
from derive.language.joint import JointRoot
from derive.language.larger import Larger, Smaller
from derive.language.numbered import Cases, Ordinal
from derive.language.reductions import Quantile, Reduction, Share
from derive.language.rewrite import cycled_trace
from derive.language.root_of import RootOf
from derive.language.special import Absolute, SpecialFunction
from derive.language.symbolic_power import SymbolicPower
from derive.language.width import Width
from derive.proof.absolutes import by_sides
from derive.proof.bounds import at_least_one, at_lowest, below_one, within_bounds
from derive.proof.common import over_common
from derive.proof.excesses import joined_sums, with_excess
from derive.proof.extremes import beyond_extreme, gathered
from derive.proof.special_sign import special_sign
from derive.proof.spread import as_spread

ZERO = Number(Fraction(0))


@dataclass(frozen=True)
class Signed:
    """An expression equal to the one asked about, whose sign (+1 or -1, zero allowed) can be read off."""

    sign: int
    manifest: Expr


def sign(expr: Expr) -> Signed | None:  # noqa: C901, PLR0912 - one case a node
    """Return the proved sign of a scalar with its manifest form; None where no rule settles it."""
    match expr:
        case Number(value):
            return Signed(1 if value >= 0 else -1, expr)
        case Symbol(family, _) if family.domain.nonnegative or family.role is Role.RESPONSIBILITY:
            return Signed(1, expr)
        case Exp() | Size() | Constant() | FrobeniusNorm() | Ordinal():
            return Signed(1, expr)
        case Cases() | Named():
            return _constant_sign(expr)
        case RootOf(unknown) | JointRoot(unknown):
            return sign(unknown)
        case Reduction():  # it is one of the values
            inner = sign(expr.value)
            return None if inner is None else Signed(inner.sign, expr)
        case Width():
            return Signed(1, expr)
        case Share() if _splits(expr.quantile):
            return Signed(1, expr)
        case Gap(arg) if positive(arg):
            return Signed(1, expr)
        case SpecialFunction() | SymbolicPower() | Excess():
            known = special_sign(expr, positive, _nonnegative)
            return Signed(known, expr) if known else None
        case Log(arg) if at_least_one(arg):
            return Signed(1, expr)
        case Log(arg) if below_one(arg, strictly=False):
            return Signed(-1, expr)
        case Power(base, exponent):
            if exponent.denominator == 1 and exponent.numerator % 2 == 0:
                return Signed(1, expr)
            inner = sign(base)  # what is negative has odd powers only
            known = inner is not None and (inner.sign > 0 or exponent.denominator == 1)
            return Signed(inner.sign, expr) if inner is not None and known else None
        case Sum(index, body):
            inner = sign(body)
            return None if inner is None else Signed(inner.sign, sum_over(index, inner.manifest))
        case Mul(factors):
            return _product(factors)
        case Add():
            return _of_terms(expr, expr.mentioned)
        case Word(letters):
            square = _as_square(letters)
            return None if square is None else Signed(1, square)
        case Trace(arg):
            return _trace(arg)
    return None


@lru_cache(maxsize=1 << 14)  # a search meets the same sums again and again
def _of_terms(expr: Add, _mentioned: frozenset[object]) -> Signed | None:
    """Try the ways to see the sign of a sum of terms; ``mentioned``: equal names may be of other domains elsewhere."""
    return (
        _sum(expr.terms)
        or _again(as_spread(expr))
        or _with_excess(expr)
        or _joined(expr)
        or _again(gathered(expr))
        or _again(by_sides(expr))
        or _over_common(expr)
    )


def _again(rewritten: Expr | None) -> Signed | None:
    """The sign of another way to write the same, where there is one."""
    return None if rewritten is None else sign(rewritten)


def _with_excess(expr: Expr) -> Signed | None:
    for multiple, rest in with_excess(expr):
        found = sign(multiple)
        whole = found if found is None or rest == ZERO else _sum((multiple, rest))
        if whole is not None:
            return whole
    return None


def _splits(quantile: Quantile) -> bool:
    """Whether the weights of a quantile are not negative, and its level lies between zero and one."""
    rest = add(1, mul(-1, quantile.level))
    return all(map(_nonnegative, (quantile.weight, quantile.level, rest)))


def _over_common(expr: Add) -> Signed | None:
    found = over_common(expr, positive)
    inner = None if found is None else sign(found[0])
    if found is None or inner is None:
        return None
    return Signed(inner.sign, mul(inner.manifest, power(found[1], -1)))


def _joined(expr: Expr) -> Signed | None:
    return next((found for form in joined_sums(expr) if (found := sign(form)) is not None), None)


def _constant_sign(expr: Cases | Named) -> Signed | None:
    """A name has the sign of what it stands for; cases have one where all cases have the same."""
    found = [sign(child) for child in expr.children]
    signs = {inner.sign for inner in found if inner is not None}
    return Signed(signs.pop(), expr) if None not in found and len(signs) == 1 else None


def _product(factors: tuple[Expr, ...]) -> Signed | None:
    total, parts = 1, []
    for factor in factors:
        inner = sign(factor)
        if inner is None and (known := beyond_extreme(factor, factors)):
            inner = Signed(known, factor)
        if inner is None:
            return None
        total *= inner.sign
        parts.append(inner.manifest)
    return Signed(total, mul(*parts))


def _sum(terms: tuple[Expr, ...]) -> Signed | None:
    rest = within_bounds(terms)
    if len(rest) < len(terms):
        inner = sign(add(*rest))
        if inner is not None and inner.sign > 0:
            return Signed(1, add(*terms))
    found = [sign(term) for term in terms]
    signs = {inner.sign for inner in found if inner is not None}
    if None in found or len(signs) != 1:
        return _at_bounds(terms)
    return Signed(signs.pop(), add(*(inner.manifest for inner in found if inner is not None)))


def _at_bounds(terms: tuple[Expr, ...]) -> Signed | None:
    """Take bounded numbers at their bounds, where the sum, or its negative, is least."""
    for number in (1, -1):
        lowest = at_lowest(tuple(mul(number, term) for term in terms))
        if lowest is not None and _nonnegative(lowest):
            return Signed(number, add(*terms))
    return None


def _as_square(letters: tuple[Expr, ...]) -> Expr | None:
    """Write v' v or v' P v, in any palindromic arrangement around a semidefinite middle, as a squared norm.

    Of a matrix word W' P W, this is its trace; with a middle that is only semidefinite, the word is returned as it is.
    """
    half, odd = divmod(len(letters), 2)
    if any(a != b.transposed() for a, b in zip(letters[:half], reversed(letters), strict=False)):
        return None
    outside = letters[half + odd :]
    if not odd:
        return FrobeniusNorm(mul(*outside))
    middle = letters[half]
    if not definite(middle):
        return Word(letters) if semidefinite(middle) else None
    return FrobeniusNorm(mul(Factor(middle).transposed(), *outside))


def _trace(arg: Expr) -> Signed | None:
    turned = cycled_trace(arg)
    if not isinstance(turned, Trace):
        return sign(turned)
    if isinstance(arg, Word):
        letters = arg.letters
        for turn in (letters, letters[1:] + letters[:1]):
            if len(turn) == 4 and turn[0] == turn[2] and turn[1] == turn[3] and definite(turn[0]) and turn[1].symmetric:
                root = Factor(turn[0])
                return Signed(1, FrobeniusNorm(mul(root.transposed(), turn[1], root)))
        for turn in (letters[i:] + letters[:i] for i in range(len(letters))):
            square = _as_square(turn) if Word(turn).shape.is_square else None
            if square is not None:
                return Signed(1, trace(square))
        return None
    return Signed(1, Trace(arg)) if semidefinite(arg) else None


def positive(expr: Expr) -> bool:  # noqa: C901, PLR0912 - one case a node
    """Whether a scalar is known to be strictly greater than zero."""
    match expr:
        case Number(value):
            return value > 0
        case Exp() | Size() | Constant() | Ordinal():
            return True
        case Cases() | Named():
            return all(map(positive, expr.children))
        case Power(base, _):
            return positive(base)
        case Mul((Number(value), Log(arg))) if value < 0:
            return below_one(arg)
        case Mul(factors):
            return all(map(positive, factors))
        case Sum(_, body):
            return positive(body)
        case Add(terms):
            rest = within_bounds(terms, strictly=True)
            if len(rest) < len(terms) and _nonnegative(add(*rest)):
                return True
            lowest = at_lowest(terms)
            if lowest is not None and positive(lowest):
                return True
            if any(map(positive, terms)) and all(positive(term) or _nonnegative(term) for term in terms):
                return True
            return any(positive(some) and _nonnegative(rest) for some, rest in with_excess(expr))
        case RootOf() | JointRoot():
            return expr.positive
        case Reduction():
            return positive(expr.value)
        case Width():
            return True
        case Larger():
            return any(map(positive, expr.children))
        case Smaller():
            return all(map(positive, expr.children))
        case SpecialFunction() | SymbolicPower():
            return special_sign(expr, positive, _nonnegative) == 1 and not isinstance(expr, Absolute)
        case Excess():
            return expr.statement.strict and special_sign(expr, positive, _nonnegative) == 1
        case Symbol(family, _):
            return family.domain.positive or family.role is Role.RESPONSIBILITY
    return False


def _nonnegative(expr: Expr) -> bool:
    found = sign(expr)
    return found is not None and found.sign > 0


def definite(matrix: Expr) -> bool:
    """Whether a matrix is positive definite by its declared domain, or as an inverse or positive multiple of such."""
    if isinstance(matrix, Inverse):
        return definite(matrix.arg)
    if isinstance(matrix, Mul):
        return all(map(positive, matrix.factors[:-1])) and definite(matrix.factors[-1])
    if isinstance(matrix, Add):
        return all(map(semidefinite, matrix.terms)) and any(map(definite, matrix.terms))
    if isinstance(matrix, Sum):
        return definite(matrix.body)
    return matrix.positive or isinstance(matrix, Identity)


def semidefinite(matrix: Expr) -> bool:
    """Whether a matrix is positive semidefinite: an outer product, B' P B, or sums and positive multiples of such."""
    if definite(matrix):
        return True
    if isinstance(matrix, Sum | DiagonalPart | Inverse):  # an inverse, where it exists
        return semidefinite(matrix.children[0])
    if isinstance(matrix, Add):
        return all(map(semidefinite, matrix.terms))
    if isinstance(matrix, Mul):
        scale = _product(matrix.factors[:-1])
        return scale is not None and scale.sign > 0 and semidefinite(matrix.factors[-1])
    if isinstance(matrix, Word):
        half, odd = divmod(len(matrix.letters), 2)
        mirrored = all(
            a == b.transposed() for a, b in zip(matrix.letters[:half], reversed(matrix.letters), strict=False)
        )
        return mirrored and (not odd or semidefinite(matrix.letters[half]))
    return False
