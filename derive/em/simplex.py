"""The M-step for a parameter whose values sum to one: a Lagrange multiplier, eliminated by summing the constraint."""

from derive.calculus.differential import rules_used
from derive.calculus.gradient import gradient
from derive.em import maximum
from derive.em.ledger import Ledger
from derive.em.notation import Notation
from derive.errors import NoClosedFormError
from derive.language.calculus_nodes import Derivative, Named
from derive.language.expr import Expr
from derive.language.family import Symbol
from derive.language.functions import sum_over
from derive.proof.derivation import UpdateEquation
from derive.solve import eliminate_multiplier, solve


def constrained(notation: Notation, symbol: Symbol, body: Expr) -> Expr:
    """Return the Lagrangian: the objective plus the multiplier times what the sum lacks of one."""
    total = sum_over(symbol.indices[-1], symbol)
    constraint: Expr = notation.symbol(notation.lagrange(symbol.family)) * (1 - total)
    for index in reversed(symbol.indices[:-1]):
        constraint = sum_over(index, constraint)
    return body + constraint


def on_the_simplex(ledger: Ledger, notation: Notation, symbol: Symbol, body: Expr) -> UpdateEquation:
    """Lagrange multiplier for the sum over the plate, which is then eliminated by summing the constraint."""
    family, multiplier = symbol.family, notation.symbol(notation.lagrange(symbol.family))
    definition = constrained(notation, symbol, body)
    lagrangian = Named("L", r"\mathcal{L}", definition)
    words = f"a multiplier for the constraint that {family.name} sums to one"
    ledger.add(lagrangian, definition, "lagrangian", words)
    derivative = Derivative(lagrangian, symbol)
    slope = gradient(definition, symbol)
    start = ledger.add(
        derivative, slope, "differentiate", "; ".join(rule.formula for rule in rules_used(definition, family))
    )
    isolated = ledger.follow(solve(slope, symbol), start)
    last = ledger.follow(eliminate_multiplier(symbol, isolated.right, notation.lagrange(family)), isolated)
    maximum.show_concave(ledger, notation.objective, body, family)
    value = next((step.right for step in reversed(ledger.steps) if step.left == multiplier), None)
    if value is None:
        raise NoClosedFormError(f"the multiplier of the constraint on {symbol} has no closed form of its own")
    maximum.show_solution(ledger, derivative, [(symbol, last.right), (multiplier, value)])
    return UpdateEquation(symbol, last.right, last.number)
