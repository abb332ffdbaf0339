"""One kink beside a parabola, as a Laplace prior makes it: the maximum of the parabola, pulled to the kink.

Q = -c (m - a)^2 / 2 - s |m - v| + const is largest at v + max(0, a - v - s / c) - max(0, v - a - s / c): this is called
soft thresholding.
"""

from dataclasses import dataclass
from fractions import Fraction

from derive.calculus.gradient import gradient
from derive.calculus.kink import slope_away
from derive.em.kink import apart, find_kink, gains, is_sign, value_of, write_kink
from derive.em.ledger import Ledger
from derive.em.notation import Notation, latex_name
from derive.errors import NoClosedFormError
from derive.language.calculus_nodes import Derivative, Named
from derive.language.expr import Expr, Number, add, mul, power
from derive.language.family import Symbol
from derive.language.larger import larger, smaller
from derive.language.rewrite import collect, distribute, mentions, out_of_sums, scaled
from derive.proof.derivation import UpdateEquation
from derive.proof.sign import positive
from derive.solve import solve

HALF = Number(Fraction(1, 2))


@dataclass(frozen=True)
class Threshold:
    """c, a, s and v of Q = -c (m - a)^2 / 2 - s |m - v|, and the slope away from the kink."""

    slope: Expr
    curvature: Expr
    top: Expr
    pull: Expr
    kink: Expr

    @property
    def value(self) -> Expr:
        """Where Q is largest."""
        beyond = add(self.top, mul(-1, self.kink))
        dead = mul(self.pull, power(self.curvature, -1))
        above, below = larger(0, add(beyond, mul(-1, dead))), larger(0, add(scaled(-1, beyond), mul(-1, dead)))
        return add(self.kink, above, mul(-1, below))


def bent_value(symbol: Symbol, body: Expr) -> Expr:
    """Return the update of a parameter in which Q has kinks."""
    threshold = find_threshold(symbol, body)
    return find_kink(symbol, body).quantile if threshold is None else threshold.value


def write_bent(ledger: Ledger, notation: Notation, symbol: Symbol, body: Expr) -> UpdateEquation:
    """Write down the M-step of a parameter in which Q has kinks."""
    threshold = find_threshold(symbol, body)
    if threshold is None:
        return write_kink(ledger, notation, symbol, body)
    return _write_threshold(ledger, notation, symbol, threshold)


def find_threshold(symbol: Symbol, body: Expr) -> Threshold | None:
    """Return the parabola and the kink that Q is made of; None where it is made of something else."""
    slope = slope_away(body, symbol)
    parts = distribute(slope, lambda part: is_sign(part) or mentions(symbol.family)(part))
    bent = [part for part in parts if part.contains(is_sign)]
    rest = add(*(part for part in parts if part not in bent))
    if len(bent) != 1 or not rest.contains(mentions(symbol.family)):
        return None
    bound, weight, turned = apart(symbol, bent[0])
    falling = scaled(-1, gradient(rest, symbol))
    curvature = out_of_sums(collect(add(*distribute(falling, mentions(symbol.family)))))
    if bound or curvature.contains(mentions(symbol.family)) or not positive(curvature):
        return None
    kink, direction = value_of(symbol, turned)
    pull = mul(-direction, weight)
    others = {at for name, at in rest.members if name == symbol.family.name} - {symbol.indices}
    if others or not positive(pull):
        raise NoClosedFormError(
            f"Q has a kink in {symbol} beside a parabola, and is not shown to be concave in it alone: check the signs "
            "in the density, and whether entries of it stand in each other's slope"
        )
    return Threshold(slope, curvature, solve(rest, symbol)[-1].right, pull, kink)


def _write_threshold(ledger: Ledger, notation: Notation, symbol: Symbol, found: Threshold) -> UpdateEquation:
    name = symbol.key
    words = f"away from the kink; it jumps where {name} = {found.kink}, and need not vanish anywhere"
    ledger.add(Derivative(notation.objective, symbol), found.slope, "differentiate", words)
    below = "".join(index.name for index in symbol.indices)
    star = Named(f"{name}*", rf"{latex_name(symbol.family)}^{{*}}_{{{below}}}", found.value)
    words = "soft thresholding: the top of the parabola, pulled to the kink by what the absolute value weighs"
    ledger.add(star, found.value, "soft-threshold", words, source="tibshirani1996: (3)")
    last = gains(ledger, notation.objective, symbol, star, _gain(symbol, found, star))
    return UpdateEquation(symbol, found.value, last.number, (), (), "kink", "soft threshold")


def _gain(symbol: Symbol, found: Threshold, star: Named) -> Expr:
    """By how much Q at the update exceeds Q, in terms none of which is negative."""
    s, beyond = found.pull, mul(found.curvature, add(found.top, mul(-1, found.kink)))
    ahead, behind = (smaller(s, larger(mul(-1, s), mul(side, beyond))) for side in (1, -1))
    away = add(symbol, mul(-1, found.kink))
    return add(
        mul(HALF, found.curvature, power(add(symbol, mul(-1, star)), 2)),
        mul(add(s, mul(-1, ahead)), larger(0, away)),
        mul(add(s, mul(-1, behind)), larger(0, scaled(-1, away))),
    )
