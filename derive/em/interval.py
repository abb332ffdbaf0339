"""An update that must not exceed one: 1 - a / b = (b - a) / b, whose sign is proved."""

from fractions import Fraction

from derive.em.hyperparameters import advice
from derive.em.ledger import Ledger
from derive.errors import NoClosedFormError
from derive.language.expr import Expr, Mul, Number, Power, add, mul, power
from derive.language.family import Symbol
from derive.language.functions import Sum, sum_over
from derive.language.merge import merge_sums
from derive.language.rewrite import collect, factors, scaled
from derive.proof.sign import sign
from derive.proof.step import Relation

ONE = Number(Fraction(1))


def require_at_most_one(symbol: Symbol, value: Expr) -> None:
    """Refuse an update that is not shown to be at most one, before anything is written down."""
    if _is_bounded(symbol):
        proved = sign(complement(value))
        if proved is None or proved.sign < 0:
            raise NoClosedFormError(
                f"the update of {symbol} is stationary but not shown to be at most one: "
                + advice(
                    complement(value),
                    "check the domains of its symbols, such as Data(..., domain=Binary); where it may be larger, the "
                    f"maximum lies at one, which domain=UnitInterval lets {symbol} take",
                )
            )


def show_at_most_one(ledger: Ledger, symbol: Symbol, value: Expr) -> None:
    """Write down one less the update over the common denominator, and its sign."""
    if not _is_bounded(symbol):
        return
    rest = complement(value)
    ledger.add(add(ONE, mul(-1, value)), rest, "complement", "over the common denominator")
    words = f"so the update is at most one; {symbol.family.name} = 1 only where this vanishes"
    ledger.add(rest, Number(Fraction(0)), "at-most-one", words, relation=Relation.AT_LEAST)


def _is_bounded(symbol: Symbol) -> bool:
    return symbol.family.domain.at_most_one and not symbol.family.domain.sums_to_one


def complement(value: Expr) -> Expr:
    """Return one less a quotient, over its denominator."""
    below = [factor for factor in factors(value) if isinstance(factor, Power) and factor.exponent < 0]
    above = mul(1, *(factor for factor in factors(value) if factor not in below))
    denominator = mul(1, *(power(factor, -1) for factor in below))
    rest = merge_sums(collect(add(denominator, scaled(-1, above))))
    common = difference(denominator, above)
    return mul(common if isinstance(common, Mul | Sum) or sign(rest) is None else rest, *below)


def difference(a: Expr, b: Expr) -> Expr:
    """Return a - b with common factors, also of the bodies of sums, in front: sum w t - sum w x = sum w (t - x)."""
    common, left, right = list[Expr](), list(factors(a)), list(factors(b))
    for factor in factors(a):
        if factor in right:
            common.append(factor)
            left.remove(factor)
            right.remove(factor)
    first, second = mul(1, *left), mul(1, *right)
    if isinstance(first, Sum) and isinstance(second, Sum) and first.index == second.index:
        return mul(1, *common, sum_over(first.index, difference(first.body, second.body)))
    return mul(1, *common, add(first, mul(-1, second)))
