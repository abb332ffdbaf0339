"""Equations that were stated, and their solution sets: the values of the unknown at which an equation holds."""

from collections.abc import Callable
from dataclasses import dataclass

from flint import ctx, fmpq

from derive.checking.derivations.worlds import PRECISIONS, Changes, positions
from derive.errors import StepRefusedError
from derive.language import ring
from derive.language.evaluate import Env, Evaluator
from derive.language.expr import Expr
from derive.language.family import Family, Symbol
from derive.language.ring import Matrix, OutsideDomainError, UndecidedError
from derive.language.world import tangent_basis


@dataclass(frozen=True)
class Premise:
    """residual = 0 was stated. unknown: what it is an equation for, as far as known. right: whether it is true."""

    residual: Expr
    unknown: Family | None
    right: bool


def solution(premise: Expr, unknown: Family, evaluator: Evaluator) -> Changes | None:
    """Return the members of the unknown at which a formula vanishes.

    None where it is not linear in them or their inverses, or where its solution is not unique.
    """
    try:
        with ctx.workprec(PRECISIONS[0]):
            return _linear(premise, unknown, evaluator, lambda value: value) or _linear(
                premise, unknown, evaluator, lambda value: ring.eliminate(value)[0]
            )
    except (ZeroDivisionError, OutsideDomainError, UndecidedError, StepRefusedError):
        return None


def _linear(premise: Expr, unknown: Family, evaluator: Evaluator, made: Callable[[Matrix], Matrix]) -> Changes | None:
    found: Changes = {}
    at = next((s.indices for s in _members(premise, unknown) if set(s.indices) <= premise.free), None)
    if at is None:
        at = unknown.indices if not unknown.indices else None
    if at is None:
        return None
    for env in positions(evaluator.world, premise.free):
        position = tuple(env[index] for index in at)
        if (unknown.name, position) in found:
            continue
        value = _solved(premise, unknown, position, env, evaluator, made)
        if value is None:
            return None
        found[unknown.name, position] = value[0][0] if unknown.shape.is_scalar else value
    return found


def _members(expr: Expr, family: Family) -> list[Symbol]:
    own = [expr] if isinstance(expr, Symbol) and expr.family == family else []
    return own + [symbol for child in expr.children for symbol in _members(child, family)]


def _solved(
    premise: Expr,
    unknown: Family,
    position: tuple[int, ...],
    env: Env,
    evaluator: Evaluator,
    made: Callable[[Matrix], Matrix],
) -> Matrix | None:
    """Solve by the values at one point more than there are unknown numbers; a last point checks that it is linear."""
    rows, cols = evaluator.world.size(unknown.shape.rows), evaluator.world.size(unknown.shape.cols)
    basis = tangent_basis(unknown.domain, rows, cols)
    start = _start(rows, cols)

    def residual(value: Matrix) -> Matrix:
        changed = made(value)
        moved = evaluator.with_changes(
            {(unknown.name, position): changed[0][0] if unknown.shape.is_scalar else changed}
        )
        return moved.matrix(premise, env)

    zero = residual(start)
    columns = [_less(residual(ring.add(start, direction)), zero) for direction in basis]
    weights = [fmpq(3 + 2 * number, 7) for number in range(len(basis))]
    tested = start
    expected = zero
    for weight, direction, column in zip(weights, basis, columns, strict=True):
        tested = ring.add(tested, ring.scale(weight, direction))
        expected = ring.add(expected, ring.scale(weight, column))
    if not _same(residual(tested), expected):
        return None
    system = [[_dot(one, other) for other in columns] for one in columns]
    inverse, _ = ring.eliminate(tuple(map(tuple, system)))
    right = tuple((-_dot(column, zero),) for column in columns)
    coefficients = ring.matmul(inverse, right)
    value = start
    for (coefficient,), direction in zip(coefficients, basis, strict=True):
        value = ring.add(value, ring.scale(coefficient, direction))
    if not _same(residual(value), ring.scale(fmpq(0), zero)):
        return None
    return made(value)


def _start(rows: int, cols: int) -> Matrix:
    """A point that is no special one: a positive definite matrix, a vector, a number."""
    if rows == cols:
        return tuple(tuple(fmpq(5 + 2 * i, 3) if i == j else fmpq(1, 11) for j in range(cols)) for i in range(rows))
    return tuple(tuple(fmpq(5 + 2 * i + j, 3) for j in range(cols)) for i in range(rows))


def _less(left: Matrix, right: Matrix) -> Matrix:
    return ring.add(left, ring.scale(fmpq(-1), right))


def _dot(left: Matrix, right: Matrix) -> ring.Scalar:
    return sum((a * b for r, s in zip(left, right, strict=True) for a, b in zip(r, s, strict=True)), fmpq(0))


def _same(left: Matrix, right: Matrix) -> bool:
    return all(ring.agree(a, b) for r, s in zip(left, right, strict=True) for a, b in zip(r, s, strict=True))
