"""The M-step for one parameter: terms that matter, one k, derivative, zero, solution, maximum."""

from contextlib import suppress

from derive.calculus.gradient import gradient
from derive.calculus.kink import has_kink
from derive.em import maximum
from derive.em.direction import direction_of, write_direction
from derive.em.edge import at_edges, find_edge, has_edge, require_turning, spoken, write_edge
from derive.em.kkt import clipped, is_clipped, require_interior, require_separate, write_clipped
from derive.em.ledger import Ledger
from derive.em.notation import Notation
from derive.em.phase import phase, write_phase
from derive.em.profile import profile_slope, write_profile
from derive.em.simplex import constrained, on_the_simplex
from derive.em.stationary import stationary
from derive.em.threshold import bent_value, write_bent
from derive.em.variable import in_inverse, inverse_family, stands_inverted, trace_trick
from derive.errors import NoClosedFormError
from derive.language.calculus_nodes import At, Derivative
from derive.language.domain import Simplex
from derive.language.expr import Expr
from derive.language.family import Family, Symbol
from derive.language.rewrite import drop_independent
from derive.language.root_of import RootOf
from derive.proof.bounds import ends
from derive.proof.derivation import UpdateEquation
from derive.proof.sign import sign
from derive.proof.step import Relation
from derive.solve import eliminate_multiplier, solve


def update_value(notation: Notation, family: Family) -> Expr:
    """Return the update of a parameter without writing down its derivation, to see what it depends on."""
    symbol = notation.symbol(family)
    body = drop_independent(notation.objective.definition, family)
    if isinstance(family.domain, Simplex):
        last = solve(gradient(constrained(notation, symbol, body), symbol), symbol)[-1]
        return eliminate_multiplier(symbol, last.right, notation.lagrange(family))[-1].right
    if family.domain.unit:
        return direction_of(body, symbol).value
    if has_edge(body, family):
        return find_edge(symbol, body).extreme
    wave = phase(body, symbol)
    if wave is not None:
        return wave.value
    if has_kink(body, family) and symbol.shape.is_scalar:
        return bent_value(symbol, body)
    by_the_inverse: NoClosedFormError | None = None
    if stands_inverted(body, family) and not ends(symbol):
        try:
            return value_by_the_inverse(notation, symbol, body)
        except NoClosedFormError as error:
            by_the_inverse = error
    slope = gradient(body, symbol)
    require_separate(symbol, slope)
    try:
        value = solve(slope, symbol)[-1].right
    except NoClosedFormError as error:
        raise by_the_inverse or error from None
    if isinstance(value, RootOf):
        require_turning(notation, family)
    require_interior(symbol, value)
    return clipped(symbol, value, body)


def value_by_the_inverse(notation: Notation, symbol: Symbol, body: Expr) -> Expr:
    """Return the closed update by way of the inverse; raises NoClosedFormError where there is none, or no maximum."""
    other = inverse_family(symbol.family)
    turned = in_inverse(body, symbol.family)
    found = solve(gradient(turned, notation.symbol(other)), symbol)[-1].right
    if isinstance(found, RootOf):
        raise NoClosedFormError(f"the equation of {symbol} in its inverse has a numerical root only")
    if symbol.shape.is_scalar and sign(maximum.second_differential(turned, other)) is None:
        raise NoClosedFormError(f"Q is not shown to be concave in the inverse of {symbol}")
    return found


def profile_value(notation: Notation, family: Family, other: Family, value: Expr) -> Expr:
    """Return the update of a parameter where another one, whose maximiser is given, was eliminated."""
    symbol = notation.symbol(family)
    body = drop_independent(notation.objective.definition, family)
    slope = profile_slope(body, symbol, notation.symbol(other), value)
    last = solve(slope, symbol)[-1]
    if not isinstance(last.right, RootOf):
        maximum.require_falling(slope, symbol)
    return last.right


def maximisation_step(
    ledger: Ledger, notation: Notation, family: Family, eliminated: UpdateEquation | None = None
) -> UpdateEquation:
    """Write down the M-step for one parameter; return its update.

    eliminated: the update of another parameter, given this one, to be put into the equation of this one.
    """
    symbol, objective = notation.symbol(family), notation.objective
    body = drop_independent(objective.definition, family)
    words = f"terms without {family.name} dropped"
    ledger.add(objective, body, "drop-constants", words, relation=Relation.EQUAL_UP_TO_CONSTANT, variable=family)
    update = _updated(ledger, notation, symbol, body, eliminated)
    if update.kind != "boundary":  # that it is in the domain was shown when it was found
        _show_domain(ledger, notation, update)
    ledger.close(f"M-step for {symbol.key}", spoken(notation, family), parameter=symbol)
    return update


def _updated(
    ledger: Ledger, notation: Notation, symbol: Symbol, body: Expr, eliminated: UpdateEquation | None
) -> UpdateEquation:
    """Write down the update in the way that the body asks for."""
    family = symbol.family
    if isinstance(family.domain, Simplex):
        return on_the_simplex(ledger, notation, symbol, body)
    if family.domain.unit:
        return write_direction(ledger, notation, symbol, direction_of(body, symbol))
    if has_edge(body, family):
        return write_edge(ledger, notation, symbol, body)
    if has_kink(body, family) and symbol.shape.is_scalar:
        return write_bent(ledger, notation, symbol, body)
    if eliminated is not None:
        return write_profile(ledger, notation, symbol, body, eliminated)
    wave = phase(body, symbol)
    if wave is not None:
        return write_phase(ledger, notation, symbol, wave)
    value = update_value(notation, family)
    if is_clipped(value):
        return write_clipped(ledger, notation, symbol, body, value)
    if stands_inverted(body, family) and not isinstance(value, RootOf) and _is_solved_inverted(notation, symbol, body):
        return _by_the_inverse(ledger, notation, symbol, body)
    return _directly(ledger, notation, symbol, body)


def _is_solved_inverted(notation: Notation, symbol: Symbol, body: Expr) -> bool:
    """Whether the equation of the inverse has a closed form too."""
    with suppress(NoClosedFormError):
        value_by_the_inverse(notation, symbol, body)
        return True
    return False


def _show_domain(ledger: Ledger, notation: Notation, update: UpdateEquation) -> None:
    """Show that an update lies in the domain, where a support ends at its own update."""
    symbol = update.target
    value, edges = at_edges(notation, update.value)
    if edges and symbol.family.domain.nonnegative:
        at: Expr = update.value
        for edge in edges:
            at = At(at, *edge)
        ledger.add(at, value, "put-in", "where the support ends at what was found above")
    maximum.show_domain(ledger, notation, symbol, value)


def _directly(ledger: Ledger, notation: Notation, symbol: Symbol, body: Expr) -> UpdateEquation:
    last = stationary(ledger, notation, symbol, symbol, body)
    edges = at_edges(notation, last.right)[1]
    maximum.show_solution(ledger, Derivative(notation.objective, symbol), [(symbol, last.right), *edges])
    if isinstance(last.right, RootOf):  # its slope falls: that was shown when it was solved
        return UpdateEquation(symbol, last.right, last.number, (), last.assumptions, "root", "unique root")
    argument = maximum.show_maximum(ledger, notation.objective, body, symbol)
    return UpdateEquation(symbol, last.right, last.number, assumptions=last.assumptions, argument=argument)


def _by_the_inverse(ledger: Ledger, notation: Notation, symbol: Symbol, body: Expr) -> UpdateEquation:
    """Solve for the parameter by way of its inverse, in which Q is concave, then directly: the two must meet."""
    family, objective = symbol.family, notation.objective
    other = inverse_family(family)
    rewritten = in_inverse(body, family)
    words = f"written in the inverse of {family.name}" + ("; log|A^-1| = -log|A|" if not symbol.shape.is_scalar else "")
    ledger.add(body, rewritten, "change-of-variable", words)
    turned = trace_trick(rewritten, other)
    if turned != rewritten:
        words = "a scalar is its own trace, and tr(AB) = tr(BA)"
        ledger.add(rewritten, turned, "trace-trick", words, source="petersen2012: (14)")
    last = stationary(ledger, notation, notation.symbol(other), symbol, turned)
    update = UpdateEquation(symbol, last.right, last.number, assumptions=last.assumptions)
    maximum.show_concave(ledger, objective, turned, other)
    direct = stationary(ledger, notation, symbol, symbol, body)
    words = f"directly in {family.name}, the same update as by its inverse"
    ledger.add(direct.right, last.right, "two-ways-meet", words, premise=update.number)
    edges = at_edges(notation, last.right)[1]
    maximum.show_solution(ledger, Derivative(objective, symbol), [(symbol, last.right), *edges])
    return update
