"""Eliminating a parameter: its maximiser, known for any value of another, is put into the equation of that other.

max over a and b of Q = max over a of Q(a, b*(a)). The slope of Q(a, b*(a)) is that of Q in a alone, at b*(a): the part
that comes through b vanishes where Q is largest over b (the envelope theorem).
"""

from derive.calculus.gradient import gradient
from derive.em import maximum
from derive.em.ledger import Ledger
from derive.em.notation import Notation
from derive.em.stationary import differentiated, require_orientation
from derive.language.calculus_nodes import At, Derivative
from derive.language.expr import Expr
from derive.language.family import Symbol
from derive.language.rewrite import pull_out, substitute
from derive.language.root_of import RootOf
from derive.proof.derivation import UpdateEquation
from derive.solve import solve
from derive.solve.apart import taken_apart
from derive.solve.invert import split_exponentials


def profile_slope(body: Expr, symbol: Symbol, other: Symbol, value: Expr) -> Expr:
    """Return the slope of the objective in a symbol where another symbol has the given value, simplified."""
    return simplified(substitute(pull_out(gradient(body, symbol)), other, value), symbol)


def simplified(slope: Expr, symbol: Symbol) -> Expr:
    """Multiply out where the symbol stands, take out of the sums what they do not touch, cancel, and count."""
    return taken_apart(split_exponentials(slope, symbol), symbol.family)


def write_profile(
    ledger: Ledger, notation: Notation, symbol: Symbol, body: Expr, eliminated: UpdateEquation
) -> UpdateEquation:
    """Write down the M-step of a symbol by elimination; return its update."""
    other, value, objective = eliminated.target, eliminated.value, notation.objective
    slope = differentiated(ledger, notation, symbol, symbol, body)
    at_best = simplified(substitute(slope.right, other, value), symbol)
    words = f"{other.key} is its maximiser ({eliminated.number}), for any {symbol.key}"
    ledger.add(At(slope.left, other, value), at_best, "put-in", words)
    profile = Derivative(At(objective, other, value), symbol)
    words = f"which is the slope of the largest Q over {other.key}: what comes through {other.key} vanishes there"
    start = ledger.add(profile, at_best, "envelope", words, source="milgrom2002: thm. 1")
    lines = solve(at_best, symbol)
    require_orientation(lines, symbol)
    last = ledger.follow(lines, start)
    located = isinstance(last.right, RootOf)
    if not located:
        maximum.show_falling(ledger, at_best, symbol)
    at = At(At(slope.left, other, value), symbol, last.right)
    ledger.add(at, at_best * 0, "solution", "put back: the gradient vanishes")
    kind = "root" if located else "closed"
    return UpdateEquation(symbol, last.right, last.number, (), last.assumptions, kind, "profile")
