"""Sufficient statistics: the density is an exponential family, and the updates need sums over the samples only.

log f = sum_j eta_j(theta_k) T_j(x_n) + a(theta_k) + b(x_n) is found by separating data from parameters, and certified;
the statistics are the sums of gamma_nk T_j(x_n), and every update is rewritten in them. Data that enter by their
difference from a location are taken about an origin, the location at the parameters at hand, so that no digits are
lost.
"""

import re
from dataclasses import dataclass, replace

from derive.em.functional import is_parameter
from derive.em.ledger import Ledger
from derive.em.location import Location, find_location
from derive.em.names import Names
from derive.em.notation import Notation
from derive.em.other_origin import Moves, moves_of
from derive.em.separation import NotSeparableError, separate
from derive.em.sums import Sums, statistics_in
from derive.errors import DeriveError
from derive.language.calculus_nodes import At
from derive.language.expr import Add, Expr, add, mul
from derive.language.family import Family, Role, Symbol
from derive.language.functions import Sum, inverse
from derive.language.rewrite import collect, distribute, factors, letters, substitute, terms
from derive.proof.derivation import NewtonSystem, Statistics, UpdateEquation


def sufficient_statistics(
    ledger: Ledger, notation: Notation, updates: tuple[UpdateEquation, ...]
) -> tuple[Statistics | None, str]:
    """Write down the section on sufficient statistics; return them, or None with the reason why there are none."""
    if notation.model.others:
        return None, f"components of {notation.model.name} have densities of their own"
    if notation.model.log_density.contains(lambda e: isinstance(e, Sum) and e.index.size == notation.n.size):
        return None, f"the density of a sample of {notation.model.name} depends on the other samples"
    reason = ""
    for shift in (True, False, None):  # everywhere; inside differences from the centre; not at all
        names = Names.of(notation)
        location = find_location(notation.model, names)
        if location is None and shift is not None:
            continue
        location = None if location is None or shift is None else replace(location, everywhere=shift)
        try:
            plan = _plan(notation, updates, names, location)
        except DeriveError as error:  # statistics are an offer: a model without them is still one
            reason = f"{notation.model.name} is no exponential family in the parameters that are estimated: {error}"
        else:
            return _written(ledger, notation, plan), ""
    return None, reason


@dataclass(frozen=True)
class _Plan:
    """All that is to be written down; found before the first line is."""

    location: Location | None
    density: Expr
    sums: Sums
    values: tuple[Expr, ...]
    updates: tuple[UpdateEquation, ...]
    moves: Moves


def _plan(notation: Notation, updates: tuple[UpdateEquation, ...], names: Names, location: Location | None) -> _Plan:
    n, k, density = notation.n, notation.k, notation.model.log_density
    if location is not None:
        density = location.shifted(density, k)
    parts = separate(density, n)
    if location is not None:
        joined = [part for part in parts if any(piece.contains(location.is_estimated) for piece in part.around)]
        if any(piece.contains(location.mentions_origin) for part in joined for piece in part.around):
            raise NotSeparableError("the density does not depend on differences from the location alone")
    letter = next(letter for letter in "STRWABH" if not {letter, f"{letter}1"} & names.taken)
    tried = Sums(notation, Names(set(names.taken)), location, letter)
    first = [tried.rewritten(update.value) for update in updates]
    for system in (update.system for update in updates if update.system is not None):
        for expr in (system.part, *system.hessian):
            tried.rewritten(expr)
    sums = Sums(notation, names, location, letter)
    for core in tried.needed(first):
        sums.statistic(core)
    values = tuple(sums.rewritten(update.value) for update in updates)
    used = statistics_in(values)
    moves = Moves() if location is None else moves_of(location, sums, used, names)
    sums.keep(used | moves.values.keys())
    density = collect(add(*(part.rebuilt(part.core) for part in parts)))
    return _Plan(location, density, sums, values, updates, moves)


def _written(ledger: Ledger, notation: Notation, plan: _Plan) -> Statistics:
    """Write the section down."""
    if plan.location is not None:
        _origin(ledger, notation, plan.location)
    named = notation.density(notation.k, notation.model.log_density, logged=True)
    words = "in each term a function of the parameters times one of the data: an exponential family"
    ledger.add(named, plan.density, "exponential-family", words, source="bishop2006: (2.194)")
    sums = tuple(_stated(ledger, family) for family in plan.sums.found.values())
    updates = _updates(ledger, plan)
    for step in plan.moves.steps:
        symbol = notation.symbol(step)
        ledger.add(symbol, _definition(symbol), "origin", "from one origin to another")
    moved = tuple(_moved(ledger, plan, equation) for equation in sums)
    ledger.close("Sufficient statistics", _words(plan))
    return Statistics(sums, moved, plan.moves.origins, updates)


def _words(plan: _Plan) -> str:
    first = "The updates need the data in these sums only: "
    second = "the sums of two blocks of data add up"
    if plan.location is None:
        return f"{first}{second}."
    return f"{first}{second}, once they are taken about one origin."


def _origin(ledger: Ledger, notation: Notation, location: Location) -> None:
    values = " and ".join(_spoken(notation, moved.value) for moved in location.moved)
    origins = " and ".join(
        f"{notation.spoken(moved.value.family)}^0" if isinstance(moved.value, Symbol) else notation.spoken(origin)
        for moved, origin in zip(location.moved, location.origins, strict=True)
    )
    words = f"the data about an origin: {origins} is a known value of {values}, such as that at the parameters at hand"
    residual = notation.symbol(location.residual)
    ledger.add(residual, _definition(residual), "origin", words)
    for moved in location.moved:
        difference = notation.symbol(moved.difference)
        ledger.add(difference, _definition(difference), "origin", "what is left of it about the same origin")


def _spoken(notation: Notation, value: Expr) -> str:
    return notation.spoken(value.family) if isinstance(value, Symbol) else "the centre"


def _definition(symbol: Symbol) -> Expr:
    definition = symbol.family.definition
    assert definition is not None  # noqa: S101 - for the type checker
    return definition


def _stated(ledger: Ledger, family: Family) -> UpdateEquation:
    symbol = Symbol(family, family.indices)
    step = ledger.add(symbol, _definition(symbol), "statistic", "a sum over the samples")
    return UpdateEquation(symbol, step.right, step.number)


def _updates(ledger: Ledger, plan: _Plan) -> tuple[UpdateEquation, ...]:
    """State every update in statistics; where the update of a location is known, so is what it says of them."""
    done: list[UpdateEquation] = []
    for update, value in zip(plan.updates, plan.values, strict=True):
        words = f"the update of {update.target.family.name} in terms of the statistics"
        step = ledger.add(update.value, value, "in-statistics", words)
        stated = replace(update, value=value, number=step.number, system=_system(ledger, plan, update.system))
        for earlier in done:
            stated = _simplified(ledger, plan, stated, earlier)
        done.append(stated)
    return tuple(done)


def _system(ledger: Ledger, plan: _Plan, system: NewtonSystem | None) -> NewtonSystem | None:
    """State what Newton's method climbs, and its Hessian, in statistics; None where an update needs none."""
    if system is None:
        return None
    words = ("what is climbed, in terms of the statistics", *("an entry of its Hessian" for _ in system.hessian))
    part, *hessian = (
        ledger.add(expr, plan.sums.rewritten(expr), "in-statistics", said).right
        for expr, said in zip((system.part, *system.hessian), words, strict=True)
    )
    return NewtonSystem(part, tuple(hessian))


def _simplified(ledger: Ledger, plan: _Plan, update: UpdateEquation, earlier: UpdateEquation) -> UpdateEquation:
    """Simplify an update by what the update of a location says of a statistic."""
    value = update.value
    simpler = _with_known(value, earlier, plan)
    if simpler is None:
        return update
    target, new = earlier.target, earlier.value
    words = f"simplified by the update of {target.family.name}"
    step = ledger.add(At(value, target, new), At(simpler, target, new), "simplified", words)
    return replace(update, value=simpler, number=step.number)


def _with_known(value: Expr, earlier: UpdateEquation, plan: _Plan) -> Expr | None:
    """Use mu = mu0 + S / c, which says S = c delta, or theta = S / c; None where that makes nothing shorter."""
    target = earlier.target
    parts, known = list(terms(earlier.value)), Symbol(target.family, target.family.indices)
    for moved in plan.location.moved if plan.location is not None else ():
        origin = Symbol(moved.origin, moved.origin.indices)
        if moved.value == known and origin in parts:
            parts.remove(origin)
            known = Symbol(moved.difference, moved.difference.indices)
    if len(parts) != 1:
        return None
    *before, last = [letter for factor in factors(parts[0]) for letter in letters(factor)]
    if parts[0].shape.is_scalar:
        last = next((part for part in factors(parts[0]) if _is_statistic(part)), last)
        before = [part for part in factors(parts[0]) if part != last]
    if not (isinstance(last, Symbol) and _is_statistic(last) and set(last.indices) == set(known.indices)):
        return None
    if any(part.contains(is_parameter) or not (part.shape.is_scalar or part.shape.is_square) for part in before):
        return None
    replaced = mul(*(inverse(part) for part in reversed(before)), known)
    shorter = _gathered(substitute(value, Symbol(last.family, last.indices), replaced))
    return shorter if len(shorter.key) < len(value.key) else None


def _is_statistic(expr: Expr) -> bool:
    return isinstance(expr, Symbol) and expr.family.role is Role.STATISTIC


def _gathered(value: Expr) -> Expr:
    """Like terms added up; multiplied out where that is shorter."""
    inside = _multiplied_out(value)
    whole = collect(add(mul(0, value), *distribute(value, lambda part: isinstance(part, Add))))
    return min(inside, whole, key=lambda expr: len(expr.key))


def _multiplied_out(expr: Expr) -> Expr:
    """Multiply out brackets inside brackets, and add up like terms."""
    expr = expr.map(_multiplied_out)
    if not isinstance(expr, Add):
        return expr
    return collect(add(mul(0, expr), *distribute(expr, lambda part: isinstance(part, Add))))


def _moved(ledger: Ledger, plan: _Plan, equation: UpdateEquation) -> UpdateEquation:
    family = equation.target.family
    if family not in plan.moves.values:
        return UpdateEquation(equation.target, equation.target, equation.number)
    left, right = plan.moves.values[family]
    if left == family.definition:
        return UpdateEquation(equation.target, equation.target, equation.number)
    numbered = re.sub(r"([0-9]+)$", r"^\1", family.name)  # S2 is written with its number above
    words = f"{numbered} about another origin"
    step = ledger.add(left, right, "other-origin", words, source="chan1983")
    return UpdateEquation(equation.target, step.right, step.number)
