"""Where formulas are compared: random exact worlds, in which parameters are free, or those of the M-step."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from flint import arb, ctx, fmpq

from derive.checking.derivations.vocabulary import Vocabulary
from derive.errors import StepRefusedError
from derive.language import ring
from derive.language.evaluate import Env, Evaluator
from derive.language.expr import Expr, as_expr, mul
from derive.language.family import Role, Symbol
from derive.language.functions import exp, inverse, sum_over
from derive.language.index import Extent, Index
from derive.language.ring import Matrix, OutsideDomainError, UndecidedError
from derive.language.world import World
from derive.proof.derivation import Derivation

PRECISIONS = (128, 512, 2048)
SOLVED_BITS = 1024  # of what is put in for a symbol: formulas in it keep enough digits
SIZES = ((5, 3, 2), (6, 2, 3))  # N, K, D, ...: more samples than coordinates, so that covariances are regular
SEED = 4127
Changes = dict[tuple[str, tuple[int, ...]], ring.Scalar]


class UndecidableError(Exception):
    """Two formulas cannot be compared: one has no value in the worlds tried."""


@contextmanager
def _decidable() -> Iterator[None]:
    """Say of what has no value that it cannot be decided."""
    try:
        yield
    except (OutsideDomainError, UndecidedError, ZeroDivisionError, StepRefusedError) as error:
        raise UndecidableError(str(error)) from None


@dataclass(frozen=True)
class Difference:
    """Where two formulas differ: the values of the free indices, and both sides as rows; None for another shape."""

    env: Env
    left: Matrix
    right: Matrix
    entry: tuple[int, int]


class Place:
    """One random world, seen with free parameters or with those that solve the M-step."""

    def __init__(self, vocabulary: Vocabulary, derivation: Derivation, world: World) -> None:
        """Draw nothing yet."""
        self.vocabulary, self.derivation, self.world = vocabulary, derivation, world
        self._solved: dict[frozenset[str], Evaluator] = {}

    @cached_property
    def free(self) -> Evaluator:
        """All symbols as drawn. Known constants that the document never mentions are one."""
        changes: Changes = {}
        for family in self.vocabulary.unmentioned:
            if family.shape.is_scalar and family.domain.nonnegative:
                for position in self.world.positions(family):
                    changes[family.name, position] = fmpq(1)
        evaluator = Evaluator(self.world)
        return evaluator.with_changes(changes) if changes else evaluator

    @cached_property
    def posterior(self) -> Evaluator:
        """Responsibilities are those at the parameters, and the previous parameters are the same."""
        with ctx.workprec(SOLVED_BITS), _decidable():
            return self.free.with_changes(self._posterior(_anew(self.free)))

    def _posterior(self, evaluator: Evaluator) -> Changes:
        notation = self.vocabulary.notation
        n, k = notation.n, notation.k
        joint = exp(notation.model.log_joint)
        value = mul(joint, inverse(sum_over(k, joint)))
        found: Changes = {}
        for family in (notation.gamma, notation.z, notation.q):
            for position in self.world.positions(family):
                found[family.name, position] = evaluator(value, dict(zip((n, k), position, strict=True)))
        for family in notation.model.parameters:
            for position in self.world.positions(family):
                env = dict(zip(family.indices, position, strict=True))
                found[f"{family.name}_old", position] = evaluator(Symbol(family, family.indices), env)
        return found

    def solved(self, families: frozenset[str]) -> Evaluator:
        """These parameters have the values of the M-step, in its order; the others are as drawn."""
        if families not in self._solved:
            with ctx.workprec(SOLVED_BITS), _decidable():
                evaluator = _anew(self.free)
                for update in self.derivation.updates:
                    family = update.target.family
                    if family.name in families:
                        evaluator = evaluator.with_changes(self._values(evaluator, update.target, update.value))
                self._solved[families] = _anew(evaluator)
        return self._solved[families]

    def _values(self, evaluator: Evaluator, target: Symbol, value: Expr) -> Changes:
        return {
            (target.family.name, position): evaluator(value, dict(zip(target.indices, position, strict=True)))
            for position in self.world.positions(target.family)
        }


class Worlds:
    """The places at which a document's formulas are compared."""

    def __init__(self, vocabulary: Vocabulary, derivation: Derivation) -> None:
        """vocabulary: of the document; derivation: of its model."""
        self.vocabulary, self.derivation = vocabulary, derivation
        extents = vocabulary.model.extents
        moderate = frozenset(family.name for family in vocabulary.model.families if family.shape.is_scalar)
        self.places = tuple(
            Place(vocabulary, derivation, World(_sized(extents, sizes), SEED + number, moderate=moderate))
            for number, sizes in enumerate(SIZES)
        )


def _sized(extents: tuple[Extent, ...], sizes: tuple[int, ...]) -> dict[Extent, int]:
    drawn = dict(zip(extents, sizes, strict=False))
    for extent in extents[len(sizes) :]:
        drawn[extent] = next(size for size in range(2, 99) if size not in drawn.values())
    return drawn


def positions(world: World, free: frozenset[Index]) -> Iterator[Env]:
    """All values of the free indices."""
    ordered = sorted(free)
    for position in product(*(range(world.size(index.size)) for index in ordered)):
        yield dict(zip(ordered, position, strict=True))


def difference(left: Expr, right: Expr, evaluator: Evaluator, other: Evaluator | None = None) -> Difference | None:
    """Return where two formulas of one shape differ, None where they agree everywhere.

    other: where the right one is evaluated, if elsewhere, at the same sizes. Raises UndecidableError where that cannot
    be told, or where one of them has no value.
    """
    other = other or evaluator
    for bits in PRECISIONS:
        with ctx.workprec(bits):
            try:
                if bits > PRECISIONS[0]:
                    evaluator, other = _anew(evaluator), _anew(other)
                return _difference(left, right, evaluator, other)
            except UndecidedError:
                continue
            except (OutsideDomainError, ZeroDivisionError, StepRefusedError) as error:
                raise UndecidableError(str(error)) from None
    raise UndecidableError("the two sides are too close to tell them apart")


def _anew(evaluator: Evaluator) -> Evaluator:
    """Return an evaluator without what was computed at a lower precision."""
    parent = None if evaluator.parent is None else _anew(evaluator.parent)
    return Evaluator(evaluator.world, dict(evaluator.changed), parent)


def _difference(left: Expr, right: Expr, evaluator: Evaluator, other: Evaluator) -> Difference | None:
    for env in positions(evaluator.world, left.free | right.free):
        a, b = evaluator.matrix(left, env), other.matrix(right, env)
        for i, (r, s) in enumerate(zip(a, b, strict=True)):
            for j, (p, q) in enumerate(zip(r, s, strict=True)):
                if not ring.agree(p, q):
                    return Difference(env, a, b, (i, j))
    return None


def is_zero(expr: Expr, evaluator: Evaluator) -> bool:
    """Whether a formula vanishes at all values of its free indices."""
    return difference(expr, mul(0, expr), evaluator) is None if not _zero(expr) else True


def _zero(expr: Expr) -> bool:
    return expr == as_expr(0)


def shown(value: ring.Scalar) -> str:
    """Return a number as text: a short fraction exactly, anything else to six digits."""
    if isinstance(value, fmpq):
        text = str(value)
        if len(text) <= 9:
            return text
        value = arb(value)
    return str(float(value.mid())) if abs(value) < 1e-4 else f"{float(value.mid()):.6g}"


def parameter_names(derivation: Derivation) -> frozenset[str]:
    """The names of the parameters that the M-step updates."""
    return frozenset(update.target.family.name for update in derivation.updates)


def roles(expr: Expr) -> Mapping[str, Role]:
    """The families in a formula, by name, with their roles."""
    found: dict[str, Role] = {}
    if isinstance(expr, Symbol):
        found[expr.family.name] = expr.family.role
    for child in expr.children:
        found |= roles(child)
    return found
