"""The M-step for a unit vector u in which Q is linear, Q = c S'u with c > 0: the direction of S.

The constraint |u| = 1 has a multiplier, with which the gradient vanishes at S / |S| and at -S / |S|. That the former is
the maximum is the inequality of Cauchy and Schwarz, S'u <= |S|, since

    |S| - S'u = |S| |u - S / |S||^2 / 2    where |u| = 1.
"""

from dataclasses import dataclass
from fractions import Fraction

from derive.calculus.differential import rules_used
from derive.calculus.gradient import gradient
from derive.em.highest import show_highest
from derive.em.ledger import Ledger
from derive.em.maximum import show_solution
from derive.em.names import Names
from derive.em.notation import Notation
from derive.errors import NoClosedFormError
from derive.language.calculus_nodes import Derivative, FrobeniusNorm, Named, in_full
from derive.language.expr import Expr, add, mul, power
from derive.language.family import Symbol
from derive.language.functions import sum_over
from derive.language.rewrite import collect, distribute, factors, mentions, out_of_sums, terms
from derive.proof.derivation import UpdateEquation
from derive.proof.sign import positive
from derive.proof.step import Assumption, Relation
from derive.solve import solve

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Direction:
    """Q as a function of a unit vector u: scale resultant'u, with a positive scale."""

    scale: Expr
    resultant: Expr

    @property
    def value(self) -> Expr:
        """The unit vector at which Q is largest."""
        return unit(self.resultant)


def length(vector: Expr) -> Expr:
    """The Euclidean length of a vector."""
    return power(FrobeniusNorm(vector), HALF)


def unit(vector: Expr) -> Expr:
    """The vector divided by its length."""
    return mul(power(length(vector), -1), vector)


def direction_of(body: Expr, symbol: Symbol) -> Direction:
    """Return the resultant; raises NoClosedFormError where the objective is not linear in the unit vector."""
    slope = gradient(body, symbol)
    if slope.contains(mentions(symbol.family)):
        raise NoClosedFormError(
            f"Q is not linear in {symbol}, which has length one: its maximum on the sphere has no closed form that is "
            "shown to be one"
        )
    parts = terms(collect(out_of_sums(add(*distribute(slope, lambda _: True)))))
    first, *others = ([factor for factor in factors(part) if factor.shape.is_scalar] for part in parts)
    shared = [factor for factor in first if positive(factor) and all(factor in other for other in others)]
    rest = (mul(1, *(factor for factor in factors(part) if factor not in shared)) for part in parts)
    return Direction(mul(1, *shared), add(*rest))


def write_direction(ledger: Ledger, notation: Notation, symbol: Symbol, found: Direction) -> UpdateEquation:
    """Write down the M-step of a unit vector; return its update."""
    family, multiplier = symbol.family, notation.symbol(notation.lagrange_of_member(symbol.family))
    letter, at = Names.of(notation).fresh(*"RSUV"), "".join(index.name for index in symbol.indices)
    name, latex = (f"{letter}_{at}", f"{letter}_{{{at}}}") if at else (letter, letter)
    resultant = Named(name, latex, found.resultant)
    ledger.add(resultant, found.resultant, "name", "the resultant")
    body = _over(symbol, mul(found.scale, resultant.transposed(), symbol))
    objective = notation.objective
    words = f"linear in {family.name}; what the sums over samples do not touch is taken out"
    ledger.add(objective, body, "linear", words, relation=Relation.EQUAL_UP_TO_CONSTANT, variable=family)
    lack = add(1, mul(-1, symbol.transposed(), symbol))
    definition = add(body, _over(symbol, mul(HALF, multiplier, lack)))
    lagrangian = Named("L", r"\mathcal{L}", definition)
    ledger.add(lagrangian, definition, "lagrangian", f"a multiplier for the constraint that {symbol.key} has length 1")
    slope, derivative = gradient(definition, symbol), Derivative(lagrangian, symbol)
    rules = "; ".join(rule.formula for rule in rules_used(definition, family)) or "linear"
    start = ledger.add(derivative, slope, "differentiate", rules)
    ledger.follow(solve(slope, symbol), start)
    gap = _over(symbol, mul(HALF, found.scale, length(resultant), FrobeniusNorm(add(symbol, mul(-1, unit(resultant))))))
    needed = Assumption(found.resultant, f"{name} ≠ 0: else no direction is better than another")
    update = show_highest(ledger, start, lagrangian, symbol, unit(resultant), gap, assumptions=(needed,))
    at_value = in_full(mul(found.scale, length(resultant)))
    show_solution(ledger, derivative, [(symbol, update.value), (multiplier, at_value)])
    return update


def _over(symbol: Symbol, body: Expr) -> Expr:
    for index in reversed(symbol.indices):
        body = sum_over(index, body)
    return body
