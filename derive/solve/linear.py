"""The coefficient of an unknown that occurs linearly: C U = value, or U C = value for a matrix unknown."""

from dataclasses import dataclass
from fractions import Fraction

from derive.errors import NoClosedFormError
from derive.language.expr import Expr, Identity, Mul, Number, Transpose, Word, add, mul
from derive.language.family import Symbol
from derive.language.functions import Sum, sum_over
from derive.language.merge import gather_sums, merge_sums
from derive.language.rewrite import coefficient, collect, gather_identities, mentions, out_of_sums, scaled
from derive.proof.sign import sign as proved_sign

ONE = Number(Fraction(1))


@dataclass(frozen=True)
class Coefficient:
    """What multiplies the unknown, and on which side of it."""

    total: Expr
    on_the_right: bool
    sign: int

    def times(self, unknown: Expr) -> Expr:
        """Return the product with the unknown."""
        return mul(unknown, self.total) if self.on_the_right else mul(self.total, unknown)


def coefficient_of(parts: list[Expr], unknown: Symbol) -> Coefficient:
    """Return the coefficient of the unknown in a sum of terms that contain it, with a sign taken out of all terms.

    Raises NoClosedFormError where it stands between matrices (Sylvester's form) or does not occur linearly.
    """
    found = [_around(part, unknown) for part in parts]
    on_the_right = any(right is not None for _, right in found)
    if on_the_right and not all(left.shape.is_scalar for left, _ in found):
        raise NoClosedFormError(
            f"{unknown} stands between matrices on both sides: the equation is of Sylvester's form, which has no "
            "closed form here"
        )
    totals = [mul(left, ONE if right is None else right) for left, right in found]
    if not all(total.shape.is_scalar for total in totals):
        unit = Identity(unknown.shape.cols if on_the_right else unknown.shape.rows)
        totals = [mul(total, unit) if total.shape.is_scalar else total for total in totals]
    sign = -1 if all(coefficient(total)[0] < 0 for total in totals) else 1
    total = gather_identities(out_of_sums(merge_sums(collect(add(*(scaled(sign, total) for total in totals))))))
    if total.shape.is_scalar and proved_sign(total) is None:
        for turned in (1, -1):
            gathered = gather_sums(scaled(turned, total))
            proved = proved_sign(gathered)
            if proved is not None and proved.sign > 0:
                return Coefficient(gathered, on_the_right, turned * sign)
    if not (total.shape.is_scalar or total.shape.is_square):
        raise NoClosedFormError(f"the coefficient of {unknown} is not square ({total.shape}): it cannot be inverted")
    return Coefficient(total, on_the_right, sign)


def _around(part: Expr, unknown: Symbol) -> tuple[Expr, Expr | None]:
    """Return (L, R) with part = L U R; R is None where nothing stands on the right."""
    is_unknown = mentions(unknown.family)
    if part == unknown:
        return ONE, None
    if isinstance(part, Sum) and part.index not in unknown.free:
        left, right = _around(part.body, unknown)
        if right is None or part.index not in right.free:
            return sum_over(part.index, left), right
        if left.shape.is_scalar:
            return ONE, sum_over(part.index, mul(left, right))
        if part.index not in left.free:
            return left, sum_over(part.index, right)
        raise NoClosedFormError(
            f"{unknown} stands between matrices that both depend on {part.index}: its equation is linear, but only its "
            "entries written as one long vector could be solved for"
        )
    if isinstance(part, Mul):
        inside = [factor for factor in part.factors if factor.contains(is_unknown)]
        if len(inside) == 1:
            left, right = _around(inside[0], unknown)
            return mul(*(factor for factor in part.factors if factor is not inside[0]), left), right
    if isinstance(part, Word):
        places = [i for i, letter in enumerate(part.letters) if letter.contains(is_unknown)]
        if len(places) == 1 and part.letters[places[0]] == unknown:
            before, after = part.letters[: places[0]], part.letters[places[0] + 1 :]
            return mul(ONE, *before), mul(*after) if after else None
    raise NoClosedFormError(_not_linear(part, unknown))


def _not_linear(part: Expr, unknown: Symbol) -> str:
    """Say why a term is not L U R."""
    letters = part.letters if isinstance(part, Word) else ()
    if sum(letter.contains(mentions(unknown.family)) for letter in letters) > 1:
        return (
            f"{unknown} stands more than once in a product of matrices, {part}: the equation is quadratic in it "
            "(a Riccati equation), which has no closed form here"
        )
    if Transpose(unknown) in letters:
        return f"{unknown} cannot be isolated: it stands transposed, in {part}; declare the transpose as the parameter"
    return f"{unknown} cannot be isolated: the equation is not linear in it after clearing inverses"
