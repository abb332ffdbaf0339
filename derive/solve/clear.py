"""Clearing an equation "residual = 0" of common factors at either end, and of inverses of the unknown."""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from derive.errors import NoClosedFormError
from derive.language.expr import Add, Expr, Mul, Number, Power, mul, power
from derive.language.family import Symbol
from derive.language.functions import Sum, inverse, sum_over
from derive.language.index import Index
from derive.language.rewrite import coefficient, factors, letters, mentions
from derive.proof.sign import definite, positive


@dataclass(frozen=True)
class Leaf:
    """A term inside the sums: its scalar factors and the letters of its matrix part."""

    scalars: tuple[Expr, ...]
    letters: tuple[Expr, ...]
    bound: frozenset[Index]


def leaves(expr: Expr, bound: frozenset[Index] = frozenset(), outer: tuple[Expr, ...] = ()) -> list[Leaf]:
    """Return the terms inside sums of terms, sums over plates and products."""
    if isinstance(expr, Add):
        return [leaf for term in expr.terms for leaf in leaves(term, bound, outer)]
    if isinstance(expr, Sum):
        return leaves(expr.body, bound | {expr.index}, outer)
    if isinstance(expr, Mul) and isinstance(expr.factors[-1], Add | Sum):
        return leaves(expr.factors[-1], bound, (*outer, *expr.factors[:-1]))
    parts = factors(expr)
    if expr.shape.is_scalar:
        return [Leaf((*outer, *parts), (), bound)]
    return [Leaf((*outer, *parts[:-1]), letters(parts[-1]), bound)]


def multiply_through(expr: Expr, left: Expr, right: Expr | None = None) -> Expr:
    """Return left * expr * right with the factors carried into sums, where they cancel against their inverses."""
    number, left = coefficient(left)
    if number != 1:
        return mul(number, multiply_through(expr, left, right))
    around = (left,) if right is None else (left, right)
    indices = frozenset().union(*(factor.free for factor in around))
    if isinstance(expr, Add):
        return Add.rebuild(expr, *(multiply_through(term, left, right) for term in expr.terms))
    if isinstance(expr, Sum) and expr.index not in indices:
        return sum_over(expr.index, multiply_through(expr.body, left, right))
    if isinstance(expr, Mul) and isinstance(expr.factors[-1], Add | Sum):
        if right is None and left.shape.is_scalar and _bases(left) & _bases(mul(1, *expr.factors[:-1])):
            return mul(left, expr)  # cancelled where it stands, not carried into the sum
        return mul(*expr.factors[:-1], multiply_through(expr.factors[-1], left, right))
    return mul(left, expr) if right is None else mul(left, expr, right)


def _bases(expr: Expr) -> set[Expr]:
    """The scalars of a product that are no numbers, without their exponents."""
    bases = {factor.base if isinstance(factor, Power) else factor for factor in factors(expr)}
    return {base for base in bases if not isinstance(base, Number)}


def common_end(residual: Expr, *, right: bool) -> list[Expr]:
    """Return the invertible letters that every term has at the left (or right) end and no sum binds."""
    words = []
    for leaf in leaves(residual):
        word = leaf.letters[::-1] if right else leaf.letters
        kept = 0
        while kept < len(word) and _invertible(word[kept]) and not (word[kept].free & leaf.bound):
            kept += 1
        words.append(word[:kept])
    shared = []
    for column in zip(*words, strict=False):
        if any(letter != column[0] for letter in column):
            break
        shared.append(column[0])
    return shared


def _invertible(letter: Expr) -> bool:
    return letter.shape.is_square and definite(letter)


def common_scalar(residual: Expr) -> Expr:
    """Return the positive scalar that all terms share: rational content and powers of positive symbols."""
    found = leaves(residual)
    numbers = [coefficient(mul(1, *leaf.scalars))[0] for leaf in found]
    content = Fraction(gcd(*(abs(q.numerator) for q in numbers)), _lcm([q.denominator for q in numbers]))
    exponents: dict[Expr, Fraction] | None = None
    for leaf in found:
        here: dict[Expr, Fraction] = {}
        for scalar in leaf.scalars:
            base, exponent = (scalar.base, scalar.exponent) if isinstance(scalar, Power) else (scalar, Fraction(1))
            if base.positive and not base.free & leaf.bound:
                here[base] = here.get(base, Fraction(0)) + exponent
        exponents = here if exponents is None else {b: _smaller(e, here[b]) for b, e in exponents.items() if b in here}
    return mul(Number(content), *(power(base, e) for base, e in (exponents or {}).items() if e))


def _smaller(a: Fraction, b: Fraction) -> Fraction:
    return min(a, b, key=abs) if a * b > 0 else Fraction(0)


def _lcm(values: list[int]) -> int:
    result = 1
    for value in values:
        result = result * value // gcd(result, value)
    return result


def clearing_factors(residual: Expr, unknown: Symbol) -> tuple[Expr, Expr | None]:
    """Return (left, right): multiplying by them cancels common ends and inverses of the unknown."""
    scalar = inverse(common_scalar(residual))
    residual = mul(power(coefficient(residual)[0], -1), residual)
    if residual.shape.is_scalar:
        cleared = multiply_through(residual, scalar)
        return mul(scalar, *_denominators(cleared, unknown)), None
    left = _inverse_word(common_end(residual, right=False))
    suffix = common_end(multiply_through(residual, left), right=True)[::-1]
    right = _inverse_word(suffix) if suffix else None
    for _ in range(2 if unknown.shape.is_square else 0):
        cleared = multiply_through(residual, left, right)
        ends = [leaf.letters for leaf in leaves(cleared) if inverse(unknown) in leaf.letters]
        if ends and all(word[-1] == inverse(unknown) for word in ends):
            right = unknown if right is None else mul(right, unknown)
        elif ends and all(word[0] == inverse(unknown) for word in ends):
            left = mul(unknown, left)
    return mul(scalar, left), right


def _inverse_word(word: list[Expr]) -> Expr:
    return mul(1, *(inverse(letter) for letter in reversed(word)))


def _denominators(residual: Expr, unknown: Symbol) -> list[Expr]:
    """Return what the terms divide by and depends on the unknown: theta, and 1 - theta where that is positive."""
    lowest: dict[Expr, Fraction] = {}
    for leaf in leaves(residual):
        for base, exponent in _exponents(leaf).items():
            if exponent < 0 and base.contains(mentions(unknown.family)) and not base.free & leaf.bound:
                lowest[base] = min(exponent, lowest.get(base, exponent))
    if unknown in lowest and not unknown.positive:
        domain = "Probability" if unknown.family.domain.at_most_one else "Positive"
        raise NoClosedFormError(
            f"the equation for {unknown} divides by it, and it may be zero: declare domain={domain}"
        )
    return [power(b, -exponent) for b, exponent in lowest.items() if positive(b) and not b.contains(_is_function)]


def _is_function(expr: Expr) -> bool:
    """Whether multiplying by an expression would make an equation harder: a sum over samples, a function."""
    return isinstance(expr, Sum) or (bool(expr.children) and not isinstance(expr, Add | Mul | Power))


def _exponents(leaf: Leaf) -> dict[Expr, Fraction]:
    """Return the powers of which a leaf is the product, by their bases."""
    found: dict[Expr, Fraction] = {}
    for scalar in leaf.scalars:
        base, exponent = (scalar.base, scalar.exponent) if isinstance(scalar, Power) else (scalar, Fraction(1))
        found[base] = found.get(base, Fraction(0)) + exponent
    return found
