"""All variants of a step that differ from it at one node, and whether one happens to be true all the same."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import product

import numpy as np

from derive.errors import ModelError
from derive.language.calculus_nodes import Factor, FrobeniusNorm, Gap
from derive.language.expr import Add, Expr, Mul, Number, Power, Transpose, Word, add, mul, power
from derive.language.family import Symbol
from derive.language.functions import DiagonalPart, Exp, Inverse, Log, LogDet, Size, Sum, Trace, inverse
from derive.language.index import Extent, Index
from derive.language.rewrite import rename
from derive.proof.moves import residual
from derive.proof.step import Exponentiated, Relation, Rooted, Step
from tests.language.floats import Array, Floats, draw, size_of
from tests.proof.edits import places, put

INEQUALITIES = {Relation.AT_MOST, Relation.AT_LEAST}
EQUATIONS = {Relation.EQUIVALENT, Relation.IMPLIES}
TOLERANCE = 1e-5
PEELED = (Power, Transpose, Inverse, Log, Exp, DiagonalPart, Sum, Factor, FrobeniusNorm, Gap)


def changes(node: Expr, names: tuple[str, ...]) -> Iterator[Expr]:
    """Yield what may stand in a node's place by mistake."""
    if not isinstance(node, Number):
        yield mul(-1, node)
        yield mul(2, node)
    if isinstance(node, PEELED):
        yield node.children[0]
    match node:
        case Number(value):
            yield from (Number(other) for other in (-value, 2 * value, value / 2, value + 1))
        case Symbol(_, indices):
            yield from (rename(node, {index: Index("i", index.size)}) for index in indices)
        case Size(extent):
            yield from (Size(Extent(name)) for name in names if name != extent.name)
        case Power(base, exponent):
            yield from (power(base, other) for other in (-exponent, exponent + 1, exponent * 2))
        case Trace():
            yield power(node, 2)
        case LogDet():
            yield Trace(node.children[0])
    yield from _parts_changed(node)


def _parts_changed(node: Expr) -> Iterator[Expr]:
    """Yield sums and products with a part dropped, turned or moved."""
    parts = node.children
    for i, part in enumerate(parts):
        before, after = parts[:i], parts[i + 1 :]
        if isinstance(node, Add):
            yield add(*before, *after)
            yield add(*before, mul(-1, part), *after)
        elif isinstance(node, Mul):
            yield mul(*before, *after)
        elif isinstance(node, Word):
            yield from _letters_changed(before, part, after)


def _letters_changed(before: tuple[Expr, ...], letter: Expr, after: tuple[Expr, ...]) -> Iterator[Expr]:
    for other in ((), (letter.transposed(),), (*after[:1], letter), (letter, letter)):
        with suppress(ModelError):
            yield mul(*before, *other, *(after[1:] if other[1:] and other[0] != letter else after))
    with suppress(ModelError):
        yield mul(*before, inverse(letter), *after)


def mutants(step: Step, names: tuple[str, ...]) -> Iterator[Step]:
    """Yield the variants of a step: of its right side, and of the left where that is an equation of its own."""
    sides = ("left", "right") if step.relation in EQUATIONS | INEQUALITIES else ("right",)
    for side in sides:
        whole: Expr = getattr(step, side)
        for path, node in places(whole):
            for value in _possible(node, names):
                try:
                    changed = put(whole, path, value)
                except (ModelError, ZeroDivisionError, TypeError):
                    continue
                if changed != whole and changed.shape == whole.shape:
                    yield replace(step, **{side: changed})  # type: ignore[arg-type]


def _possible(node: Expr, names: tuple[str, ...]) -> list[Expr]:
    found, made = [], changes(node, names)
    while True:
        try:
            found.append(next(made))
        except StopIteration:
            return [value for value in found if value.shape == node.shape]
        except (ModelError, ZeroDivisionError):
            return [value for value in found if value.shape == node.shape]


def happens_to_be_true(original: Step, mutant: Step, sizes: dict[str, int]) -> bool:
    """Whether the mutant holds in floating point, in several worlds: it is then no false step."""
    return all(_holds(original, mutant, Floats({}, sizes, seed)) for seed in range(3))


def _holds(original: Step, mutant: Step, world: Floats) -> bool:
    if mutant.relation in INEQUALITIES:
        sign = 1 if mutant.relation is Relation.AT_LEAST else -1
        values = _values(add(mutant.left, mul(-1, mutant.right)), set(), world)
        return all(bool(np.all(sign * value >= -TOLERANCE)) for value in values)
    if mutant.relation is Relation.EQUAL:
        return _same(mutant.left, mutant.right, world)
    if mutant.relation is Relation.EQUAL_UP_TO_CONSTANT:
        return _same_up_to_constant(mutant, world)
    if isinstance(mutant.move, Exponentiated | Rooted):
        return _same(original.left, mutant.left, world) and _same(original.right, mutant.right, world)
    return _same(residual(original), residual(mutant), world)


def _values(expr: Expr, more: set[Index], world: Floats) -> list[Array]:
    free = sorted(expr.free | more)
    positions = product(*(range(size_of(index.size, world.sizes)) for index in free))
    with np.errstate(all="ignore"):
        return [world(expr, dict(zip(free, position, strict=True))) for position in positions]


def _same(left: Expr, right: Expr, world: Floats) -> bool:
    free = set(left.free | right.free)
    pairs = zip(_values(left, free, world), _values(right, free, world), strict=True)
    return all(bool(np.all(np.abs(a - b) <= TOLERANCE * (1 + np.abs(a) + np.abs(b)))) for a, b in pairs)


def _same_up_to_constant(step: Step, world: Floats) -> bool:
    assert step.variable is not None
    difference = add(step.left, mul(-1, step.right))
    before = _values(difference, set(), world)
    moved = world.with_values(
        {step.variable.name: draw(step.variable, world.sizes, np.random.default_rng(world.seed + 99))}
    )
    pairs = zip(before, _values(difference, set(), moved), strict=True)
    return all(bool(np.all(np.abs(a - b) <= TOLERANCE * (1 + np.abs(a) + np.abs(b)))) for a, b in pairs)
