"""A point is the global maximum since everywhere else the objective lies below it, by an amount that is never negative.

No concavity is needed, nor that the point is the only one at which the gradient vanishes.
"""

from fractions import Fraction

from derive.em.ledger import Ledger
from derive.language.calculus_nodes import At, Named, in_full
from derive.language.expr import Expr, Number, add, mul
from derive.language.family import Symbol
from derive.proof.derivation import UpdateEquation
from derive.proof.step import Assumption, Highest, Relation, Step

ZERO = Number(Fraction(0))
SOURCE = "horn2013: 0.6.3"


def show_highest(
    ledger: Ledger,
    slope: Step,
    objective: Named,
    symbol: Symbol,
    value: Expr,
    gap: Expr,
    *,
    assumptions: tuple[Assumption, ...] = (),
) -> UpdateEquation:
    """Write down that the objective at ``value`` exceeds that anywhere by ``gap``, which is not negative.

    slope: the step on the gradient of the objective, a Lagrangian where the symbol is constrained. Quantities may stand
    by their names in ``value`` and ``gap``.
    """
    name = symbol.family.name
    above = add(At(objective, symbol, value), mul(-1, objective))
    ledger.add(above, gap, "below-the-maximum", f"by how much {objective.name} at any {name} lies below", source=SOURCE)
    full = in_full(value)
    words = f"Cauchy and Schwarz: no {name} does better"
    least = ledger.add(gap, ZERO, "global-maximum", words, relation=Relation.AT_LEAST)
    last = ledger.add(
        symbol,
        full,
        "highest",
        f"where {objective.name} is largest",
        relation=Relation.IMPLIES,
        premise=slope.number,
        move=Highest(least.number - 1, least.number),
        assumptions=assumptions,
    )
    return UpdateEquation(symbol, full, last.number, (), assumptions, "closed", "global: Cauchy and Schwarz")
