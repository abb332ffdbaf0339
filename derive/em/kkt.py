"""A sign constraint that may bind: the maximum lies where the gradient vanishes, or at the end of the interval.

Where the slope of Q is p (m - theta) with p > 0, Q rises up to m and falls beyond. The conditions of Karush, Kuhn and
Tucker are then met at the point of the interval that is nearest to m, and there only.
"""

from contextlib import suppress
from fractions import Fraction

from derive.calculus.differential import rules_used
from derive.calculus.gradient import gradient
from derive.em import maximum
from derive.em.ledger import Ledger
from derive.em.notation import Notation
from derive.errors import NoClosedFormError
from derive.language.calculus_nodes import At, Derivative, Named
from derive.language.expr import Expr, Number, add, mul, power
from derive.language.family import Symbol
from derive.language.functions import sum_over
from derive.language.larger import Larger, Smaller, larger, smaller
from derive.language.rewrite import collect, distribute, mentions, out_of_sums, scaled, substitute
from derive.language.root_of import RootOf
from derive.proof.bounds import End, ends
from derive.proof.derivation import UpdateEquation
from derive.proof.sign import positive, sign
from derive.proof.step import Active, Constraint, Multiplied, Relation
from derive.solve import solve
from derive.solve.isolate import cleared

ZERO = Number(Fraction(0))


def is_clipped(value: Expr) -> bool:
    """Whether an update is the larger or smaller of a stationary value and the end of an interval."""
    return isinstance(value, Larger | Smaller)


def clipped(symbol: Symbol, value: Expr, body: Expr) -> Expr:
    """Return the maximiser over the domain of the symbol of what has its only peak at ``value``.

    Ends of the domain beyond which the value is shown never to lie have no say. Raises NoClosedFormError where one has,
    and the peak is not shown to be the only one.
    """
    binding = _binding(symbol, value)
    if not binding:
        return value
    _steepness(symbol, body)
    for end in binding:
        value = larger(end.value, value) if end.lower else smaller(end.value, value)
    return value


def _binding(symbol: Symbol, value: Expr) -> list[End]:
    found = []
    for end in ends(symbol):
        low, high = (end.value, value) if end.lower else (value, end.value)
        proved = sign(collect(add(high, mul(-1, low))))
        if proved is None or proved.sign < 0:
            found.append(end)
    return found


def _steepness(symbol: Symbol, body: Expr) -> Expr:
    """Return p > 0 with dQ/d symbol = p (m - symbol), or raise NoClosedFormError with the reason."""
    first, simpler = cleared(gradient(body, symbol), symbol)
    moves = [line.move for line in first if isinstance(line.move, Multiplied)]
    taken = [factor for move in moves for factor in (move.left, move.right) if factor is not None]
    falling = scaled(-1, gradient(simpler, symbol))
    curvature = out_of_sums(collect(add(*distribute(falling, mentions(symbol.family)))))
    bent = sign(curvature)  # zero only where no sample counts, and then there is no update
    known = bent is not None and bent.sign > 0 and all(map(positive, taken))
    if curvature.contains(mentions(symbol.family)) or not known:
        raise NoClosedFormError(
            f"the maximum over {symbol} may lie at the end of its domain, and its slope is not shown to change its "
            "sign once only, from plus to minus; with domain=Real or Positive the end is left out"
        )
    return mul(curvature, *(power(factor, -1) for factor in taken))


def write_clipped(ledger: Ledger, notation: Notation, symbol: Symbol, body: Expr, value: Expr) -> UpdateEquation:
    """Write down the M-step of a parameter whose domain has an end that may bind; ``value`` is its update."""
    solved = solve(gradient(body, symbol), symbol)[-1]
    stationary = solved.right
    steepness, domain = _steepness(symbol, body), symbol.family.domain
    at_solution = substitute(steepness, symbol, value)
    constraints = tuple(
        Constraint(end.slack, Symbol(family, symbol.indices), mul(at_solution, _missing(end, stationary)))
        for end, family in zip(_binding(symbol, stationary), notation.bounding(symbol.family), strict=False)
    )
    penalty = add(*(mul(c.multiplier, c.slack) for c in constraints))
    for index in reversed(symbol.indices):
        penalty = sum_over(index, penalty)
    definition = add(body, penalty)
    lagrangian = Named("L", r"\mathcal{L}", definition)
    each = " and ".join(f"{c.multiplier} >= 0 for {c.slack} >= 0" for c in constraints)
    ledger.add(lagrangian, definition, "lagrangian", f"a multiplier {each}", source="boyd2004: sec. 5.5.3")
    derivative, slope = Derivative(lagrangian, symbol), gradient(definition, symbol)
    words = "; ".join(rule.formula for rule in rules_used(definition, symbol.family))
    start = ledger.add(derivative, slope, "differentiate", words)
    with suppress(NoClosedFormError):  # with its multipliers, the equation may have no closed form
        ledger.follow(solve(slope, symbol), start)
    zero = " and ".join(f"{c.multiplier} or {c.slack}" for c in constraints)
    last = ledger.add(
        symbol,
        value,
        "complementary-slackness",
        f"of {zero} one is zero, and neither negative: the point of the domain nearest to the stationary one",
        relation=Relation.IMPLIES,
        premise=start.number,
        move=Active(constraints),
        assumptions=solved.assumptions,
        source="boyd2004: sec. 5.5.3",
    )
    at: Expr = At(derivative, symbol, value)
    for c in constraints:
        at = At(at, c.multiplier, c.value)  # type: ignore[arg-type]
    ledger.add(at, mul(0, derivative), "solution", "put back: the gradient of the Lagrangian vanishes")
    if steepness.contains(mentions(symbol.family)):
        _show_peak(ledger, Derivative(notation.objective, symbol), steepness, stationary)
    else:
        point = "the point at which the conditions hold"
        maximum.show_concave(ledger, notation.objective, body, symbol.family, point)
    for end in ends(symbol):
        inside = substitute(end.slack, symbol, value)
        ledger.add(inside, ZERO, "in-the-domain", "in the domain, whose end it may be", relation=Relation.AT_LEAST)
    line = "interval" if domain.at_most_one else "half line"
    return UpdateEquation(symbol, value, last.number, (), solved.assumptions, "boundary", f"one peak on the {line}")


def _show_peak(ledger: Ledger, slope: Derivative, steepness: Expr, stationary: Expr) -> None:
    """Write down that the slope is a positive multiple of what lacks to the stationary value."""
    name = slope.symbol.key
    words = f"the slope of Q is a multiple of what {name} lacks to the stationary value"
    ledger.add(slope, mul(steepness, add(stationary, mul(-1, slope.symbol))), "one-peak", words)
    words = "Q rises up to the stationary value and falls beyond: the nearest point of the domain is the maximum"
    ledger.add(steepness, ZERO, "single-peak", words, relation=Relation.AT_LEAST)


def _missing(end: End, stationary: Expr) -> Expr:
    """By how much the stationary value lies beyond the end, zero where it does not."""
    beyond = add(end.value, mul(-1, stationary)) if end.lower else add(stationary, mul(-1, end.value))
    return larger(ZERO, beyond)


def require_separate(symbol: Symbol, slope: Expr) -> None:
    """Refuse entries that have an end to their domain and stand in each other's slope."""
    others = {at for name, at in slope.members if name == symbol.family.name} - {symbol.indices}
    if others and ends(symbol):
        raise NoClosedFormError(
            f"the maximum over {symbol} may lie at the end of its domain, and its entries do not separate in Q: "
            "that is a quadratic programme; a diagonal covariance separates them"
        )


def may_leave(symbol: Symbol, value: Expr) -> bool:
    """Whether a value is not shown to lie within the ends that belong to the domain of the symbol."""
    return bool(_binding(symbol, value))


def require_interior(symbol: Symbol, value: Expr) -> None:
    """Refuse a root, and whole numbers, where the domain has an end that belongs to it."""
    if symbol.family.domain.integer:
        raise NoClosedFormError(f"{symbol} takes whole numbers only: no derivative says where Q is largest over them")
    if isinstance(value, RootOf) and ends(symbol):
        raise NoClosedFormError(
            f"the equation for {symbol} is solved numerically, and its domain has an end that the maximum may lie at; "
            "declare domain=Positive, or Real, to leave the end out"
        )
