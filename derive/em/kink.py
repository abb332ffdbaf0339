"""Absolute values of a parameter: the maximum is where the slope jumps from plus to minus, a weighted quantile.

Q = -s sum_n w_n |v_n - m| + r m + const falls in m where the weight of the values up to m has reached the share
(1 + r / (s W)) / 2 of all weight W, and rises below: for r = 0 that is the weighted median. No derivative vanishes.
"""

from dataclasses import dataclass
from fractions import Fraction

from derive.calculus.gradient import gradient
from derive.calculus.kink import slope_away
from derive.em.ledger import Ledger
from derive.em.notation import Notation, latex_name
from derive.errors import NoClosedFormError
from derive.language.calculus_nodes import At, Derivative, Named
from derive.language.expr import Expr, Number, add, mul, power
from derive.language.family import Symbol
from derive.language.functions import Sum, sum_over
from derive.language.index import Index
from derive.language.larger import Holds, Sign, larger
from derive.language.reductions import Quantile, Share
from derive.language.rewrite import collect, distribute, factors, mentions, out_of_sums, terms
from derive.proof.derivation import UpdateEquation
from derive.proof.sign import positive, sign
from derive.proof.step import Attained, Relation, Step
from derive.solve.counting import count_responsibilities

ZERO, ONE, HALF = (Number(Fraction(value)) for value in (0, 1, Fraction(1, 2)))


@dataclass(frozen=True)
class Kink:
    """scale > 0 times the weighted absolute differences, subtracted: what the maximum balances."""

    slope: Expr
    scale: Expr
    quantile: Quantile


def find_kink(symbol: Symbol, body: Expr) -> Kink:
    """Return the quantile at which Q is largest; raises NoClosedFormError with the reason where that is not shown."""
    family = symbol.family
    slope = slope_away(body, symbol)
    parts = distribute(slope, lambda part: is_sign(part) or mentions(family)(part))
    bent = [part for part in parts if part.contains(is_sign)]
    rest = add(*(part for part in parts if part not in bent))
    if len(bent) != 1 or rest.contains(mentions(family)):
        raise NoClosedFormError(
            f"Q has a kink in {symbol}, beside {'other terms' if len(bent) == 1 else 'another kink'} in it: only sums "
            "of weighted absolute differences are solved, by their weighted median or quantile, and one kink beside a "
            "parabola"
        )
    bound, weight, turned = apart(symbol, bent[0])
    if len(bound) != 1:
        raise NoClosedFormError(f"the kinks in {symbol} are not those of one sum of absolute differences: {bent[0]}")
    (index,) = bound
    value, direction = value_of(symbol, turned)
    weight = mul(-direction, weight)
    outside = mul(1, *(factor for factor in factors(weight) if index not in factor.free))
    weight = mul(1, *(factor for factor in factors(weight) if index in factor.free))
    proved = sign(weight)
    if not positive(outside) or proved is None or proved.sign < 0:
        raise NoClosedFormError(
            f"Q is not shown to be concave at its kinks in {symbol}: check the signs in the density"
        )
    return Kink(slope, outside, Quantile(index, value, weight, _level(symbol, rest, outside, index, weight)))


def _level(symbol: Symbol, rest: Expr, outside: Expr, index: Index, weight: Expr) -> Expr:
    """The share of all weight at which the slope changes its sign."""
    total = mul(outside, sum_over(index, weight))
    parts = terms(collect(out_of_sums(add(*distribute(rest, lambda _: True)))))
    level = collect(add(HALF, *distribute(add(*(mul(HALF, part, power(total, -1)) for part in parts)), lambda _: True)))
    for share in (level, collect(add(ONE, mul(-1, level)))):
        proved = sign(share)
        if proved is None or proved.sign < 0:
            raise NoClosedFormError(
                f"the slope in {symbol} changes its sign at the share {level} of all weight, which is not shown to lie "
                "between zero and one: where it does not, Q rises for ever"
            )
    return level


def is_sign(expr: Expr) -> bool:
    """Whether a node is a sign."""
    return isinstance(expr, Sign)


def apart(symbol: Symbol, part: Expr) -> tuple[tuple[Index, ...], Expr, Sign]:
    """Read the indices summed over, the weight and sgn(..) off sum_n w_n sgn(u_n)."""
    bound: list[Index] = []
    weight: Expr = ONE
    inner = part
    while not isinstance(inner, Sign):
        held = [factor for factor in factors(inner) if factor.contains(is_sign)]
        if isinstance(inner, Sum):
            bound.append(inner.index)
            inner = inner.body
        elif len(held) == 1 and held[0] != inner:
            weight = mul(weight, *(factor for factor in factors(inner) if factor not in held))
            inner = held[0]
        else:
            raise NoClosedFormError(f"the kink in {symbol} stands inside of another function: {part}")
    for index in [index for index in bound if index not in inner.free]:
        weight = sum_over(index, weight)
        bound.remove(index)
    if weight.contains(mentions(symbol.family)):
        raise NoClosedFormError(f"the kink in {symbol} stands inside of another function: {part}")
    return tuple(bound), count_responsibilities(weight), inner


def value_of(symbol: Symbol, turned: Sign) -> tuple[Expr, Fraction]:
    """Return v and +1 or -1 where sgn(u) = sgn(m - v) or sgn(v - m)."""
    coefficient = gradient(turned.arg, symbol)
    if coefficient not in (ONE, Number(Fraction(-1))):
        raise NoClosedFormError(
            f"{symbol} stands in {turned.arg} with another factor than one: no quantile is read off"
        )
    direction = Fraction(1) if coefficient == ONE else Fraction(-1)
    value = collect(
        add(*(mul(-direction, part) for part in terms(turned.arg) if not part.contains(mentions(symbol.family))))
    )
    if symbol.family.name in {name for name, _ in value.members}:
        raise NoClosedFormError(f"{turned.arg} is not linear in {symbol}")
    return value, direction


def write_kink(ledger: Ledger, notation: Notation, symbol: Symbol, body: Expr) -> UpdateEquation:
    """Write down the M-step of a parameter in whose absolute differences Q has kinks."""
    kink = find_kink(symbol, body)
    name, q = symbol.key, kink.quantile
    words = f"away from the kinks; it jumps wherever {name} passes a value, and need not vanish anywhere"
    ledger.add(Derivative(notation.objective, symbol), kink.slope, "differentiate", words)
    below = "".join(index.name for index in symbol.indices)
    star = Named(f"{name}*", rf"{latex_name(symbol.family)}^{{*}}_{{{below}}}", q)
    kind = "median" if q.level == HALF else "quantile"
    words = (
        f"the weighted {kind}: the smallest value up to which the share of all weight reaches {q.level}; "
        "where others attain the maximum too, the smallest of them"
    )
    ledger.add(star, q, "weighted-quantile", words, source="koenker2005: sec. 1.3")
    last = gains(ledger, notation.objective, symbol, star, _gain(symbol, kink, star))
    return UpdateEquation(symbol, q, last.number, (), (), "kink", f"weighted {kind}")


def gains(ledger: Ledger, objective: Expr, symbol: Symbol, star: Named, gain: Expr) -> Step:
    """Write down by how much Q at a value exceeds it at any other, for one member, and that this is the maximum."""
    name = symbol.key
    for index in reversed(symbol.indices):
        gain = sum_over(index, gain)
    difference = add(At(objective, symbol, star), mul(-1, objective))
    premise = ledger.add(difference, gain, "gain", f"what {star} gains over any {name}")
    words = "no factor is negative: nothing exceeds it"
    bound = ledger.add(gain, ZERO, "at-least-zero", words, relation=Relation.AT_LEAST)
    words = f"the global maximum over {name}"
    value, move = star.definition, Attained(bound.number)
    return ledger.add(symbol, value, "attained", words, relation=Relation.IMPLIES, premise=premise.number, move=move)


def _gain(symbol: Symbol, kink: Kink, star: Named) -> Expr:
    """By how much s sum_n w_n |v_n - m| and r m change from m to the quantile, in terms none of which is negative."""
    q = kink.quantile
    ahead, behind = larger(0, add(symbol, mul(-1, star))), larger(0, add(star, mul(-1, symbol)))
    above, below = add(ONE, mul(-1, Holds(q.value, star))), add(ONE, mul(-1, Holds(star, q.value)))
    passed = add(
        mul(above, larger(0, add(symbol, mul(-1, q.value)))), mul(below, larger(0, add(q.value, mul(-1, symbol))))
    )
    shares = add(mul(ahead, Share(star, below=False)), mul(behind, Share(star, below=True)))
    return mul(2, kink.scale, add(shares, sum_over(q.index, mul(q.weight, passed))))
