"""Equations of the M-step: whether they hold at the parameters that it finds, with its multipliers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from flint import ctx, fmpq

from derive.checking.derivations.constraints import constraints
from derive.checking.derivations.premises import Premise, solution
from derive.checking.derivations.worlds import (
    PRECISIONS,
    Changes,
    Place,
    UndecidableError,
    Worlds,
    difference,
    parameter_names,
    positions,
)
from derive.errors import StepRefusedError
from derive.language.calculus_nodes import Derivative
from derive.language.evaluate import Evaluator
from derive.language.expr import Expr, add, as_expr, mul
from derive.language.family import Family, Role, Symbol
from derive.language.ring import OutsideDomainError, UndecidedError

Sources = dict[Family, Expr]  # multiplier -> what vanishes at its value


@dataclass
class Equations:
    """What has been set to zero so far.

    lagrangians: objectives with multipliers, by name of the multiplier. settled: from what each was determined.
    """

    worlds: Worlds
    lagrangians: dict[str, Expr] = field(default_factory=dict)
    premises: list[Premise] = field(default_factory=list)
    settled: Sources = field(default_factory=dict)

    def hold(self, left: Expr, right: Expr, unknown: Family | None) -> bool:
        """Whether left = right at the solution of the M-step: for the unknown alone, or for all parameters."""
        mentioned = families_in(left) | families_in(right)
        for names in self._sets(unknown, mentioned):
            for sources in self._sources(mentioned):
                if all(self._holds_at(place, left, right, names, sources) for place in self.worlds.places):
                    self.settled |= sources
                    return True
        return False

    def _sets(self, unknown: Family | None, mentioned: frozenset[Family]) -> Iterator[frozenset[str]]:
        every = parameter_names(self.worlds.derivation)
        single = [unknown] if unknown is not None else []
        single += sorted(mentioned - set(single), key=lambda family: family.name)
        yield from (frozenset((family.name,)) for family in single if family.name in every)
        yield every

    def _holds_at(self, place: Place, left: Expr, right: Expr, names: frozenset[str], sources: Sources) -> bool:
        try:
            evaluator = self.at(place, names, sources)
            return evaluator is not None and difference(left, right, evaluator) is None
        except UndecidableError:
            return False

    def solved(self, place: Place, names: frozenset[str], mentioned: frozenset[Family]) -> Evaluator | None:
        """Return the world of the solution, its multipliers as they were settled; None where one is not determined."""
        return next((found for sources in self._sources(mentioned) if (found := self.at(place, names, sources))), None)

    def at(self, place: Place, names: frozenset[str], sources: Sources) -> Evaluator | None:
        """Return the world of the solution; None where a multiplier is not determined by its source."""
        evaluator = place.solved(names)
        for multiplier, residual in sources.items():
            values = _multiplier(multiplier, residual, place, evaluator)
            if values is None:
                return None
            evaluator = evaluator.with_changes(values)
        return evaluator

    def _sources(self, mentioned: frozenset[Family]) -> Iterator[Sources]:
        """From what multipliers are determined: what was settled or stated, else either sign of the constraint."""
        multipliers = sorted((family for family in mentioned if family.role is Role.MULTIPLIER), key=lambda f: f.name)
        choices = [list(self._residuals(multiplier)) for multiplier in multipliers]
        for chosen in product(*choices):
            yield dict(zip(multipliers, chosen, strict=True))

    def _residuals(self, multiplier: Family) -> Iterator[Expr]:
        if multiplier in self.settled:
            yield self.settled[multiplier]
            return
        lagrangian = self.lagrangians.get(multiplier.name)
        notation = self.worlds.vocabulary.notation
        objective = notation.objective.definition
        both_signs = [add(objective, *terms) for terms in constraints(notation, (multiplier,))]
        for value in [lagrangian] if lagrangian is not None else both_signs:
            for family in notation.model.parameters:
                if family.domain.sums_to_one:
                    yield Derivative(value, notation.symbol(family))
        for premise in self.premises:
            if premise.right and multiplier in families_in(premise.residual):
                yield premise.residual

    def follows(self, left: Expr, right: Expr, unknown: Family | None) -> bool:
        """Whether left = right holds wherever an equation that was stated, and is wrong, holds."""
        return any(
            self._follows_from(premise, left, right, unknown)
            for premise in reversed(self.premises)
            if not premise.right
        )

    def from_right(self, left: Expr, right: Expr, unknown: Family | None) -> bool:
        """Whether left = right holds wherever a right equation holds that was stated."""
        return any(
            self._follows_from(premise, left, right, unknown) for premise in reversed(self.premises) if premise.right
        )

    def _follows_from(self, premise: Premise, left: Expr, right: Expr, unknown: Family | None) -> bool:
        shared = families_in(premise.residual) & (families_in(left) | families_in(right))
        unknowns = [family for family in (unknown, premise.unknown) if family is not None and family in shared]
        unknowns += sorted(
            (family for family in shared if family.role in (Role.PARAMETER, Role.MULTIPLIER)),
            key=lambda family: family.name,
        )
        return any(self._follows_in(premise, left, right, family) for family in dict.fromkeys(unknowns))

    def _follows_in(self, premise: Premise, left: Expr, right: Expr, unknown: Family) -> bool:
        for place in self.worlds.places[:1]:
            values = solution(premise.residual, unknown, place.free)
            try:
                if not values or difference(left, right, place.free.with_changes(values)) is not None:
                    return False
            except UndecidableError:
                return False
        return True


def _multiplier(multiplier: Family, residual: Expr, place: Place, evaluator: Evaluator) -> Changes | None:
    """Solve the gradient of a Lagrangian, or an equation that was stated, for a multiplier."""
    found: Changes = {}
    for position in place.world.positions(multiplier):
        value = _root(residual, multiplier, position, evaluator)
        if value is None:
            return None
        found[multiplier.name, position] = value
    return found


def _root(residual: Expr, multiplier: Family, position: tuple[int, ...], evaluator: Evaluator) -> object | None:
    """Solve a formula that is linear in a multiplier for it, at one position; None where all are not one value."""
    at = next((symbol.indices for symbol in symbols_in(residual) if symbol.family == multiplier), None)
    if at is None:
        return None
    roots = []
    try:
        with ctx.workprec(PRECISIONS[0]):
            for env in positions(evaluator.world, residual.free):
                if tuple(env.get(index, -1) for index in at) != position and set(at) <= residual.free:
                    continue
                zero, one = (
                    evaluator.with_changes({(multiplier.name, position): fmpq(value)})(residual, env)
                    for value in (0, 1)
                )
                if zero - one == 0:
                    return None
                roots.append(zero / (zero - one))
    except (OutsideDomainError, UndecidedError, ZeroDivisionError, StepRefusedError):
        return None
    return roots[0] if roots else None


def symbols_in(expr: Expr) -> list[Symbol]:
    """All members that stand in a formula."""
    own = [expr] if isinstance(expr, Symbol) else []
    return own + [symbol for child in expr.children for symbol in symbols_in(child)]


def families_in(expr: Expr) -> frozenset[Family]:
    """All families that stand in a formula."""
    return frozenset(symbol.family for symbol in symbols_in(expr))


def vanishes(expr: Expr) -> Expr:
    """Return the zero that a formula is compared with: of its shape."""
    return mul(0, expr) if not expr.shape.is_scalar else as_expr(0)
