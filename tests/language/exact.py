"""Exact values of an expression at all positions of its free indices, in a world of given sizes."""

from itertools import product

import numpy as np

from derive.language.evaluate import Evaluator
from derive.language.expr import Expr
from derive.language.family import Family, Symbol
from derive.language.index import Extent, Index
from derive.language.ring import Matrix
from derive.language.world import World
from tests.language.floats import Array, Floats, size_of


def world(sizes: dict[str, int], seed: int = 1) -> World:
    return World({Extent(name): size for name, size in sizes.items()}, seed)


def exact(expr: Expr, sizes: dict[str, int], free: set[Index] | None = None, seed: int = 1) -> list[Matrix]:
    """Return the values, as rows of exact numbers, at all positions of the free indices (and those given)."""
    at, indices = Evaluator(world(sizes, seed)), sorted(expr.free | (free or set()))
    positions = product(*(range(sizes[index.size.name]) for index in indices))
    return [at.matrix(expr, dict(zip(indices, position, strict=True))) for position in positions]


def families(expr: Expr) -> set[Family]:
    """The families that an expression mentions."""
    found = {expr.family} if isinstance(expr, Symbol) else set()
    return found.union(*map(families, expr.children))


def floats_of(expr: Expr, sizes: dict[str, int], seed: int = 1) -> Floats:
    """The float evaluator with the values that the exact world draws."""
    drawn, values = world(sizes, seed), dict[str, Array]()
    for family in families(expr):
        base = family.inverse_of or family
        plates = [size_of(index.size, sizes) for index in base.indices]
        found = [drawn.value(base, position) for position in drawn.positions(base)]
        rows = [[[value]] if base.shape.is_scalar else value for value in found]
        shape = (*plates, size_of(base.shape.rows, sizes), size_of(base.shape.cols, sizes))
        numbers = [float(entry.p) / float(entry.q) for matrix in rows for row in matrix for entry in row]
        values[base.name] = np.array(numbers).reshape(shape)
    return Floats(values, sizes)


def numeric(expr: Expr, sizes: dict[str, int], seed: int = 1) -> list[Array]:
    """Return the values by the float evaluator, in the order of ``exact``."""
    at, indices = floats_of(expr, sizes, seed), sorted(expr.free)
    positions = product(*(range(sizes[index.size.name]) for index in indices))
    return [at(expr, dict(zip(indices, position, strict=True))) for position in positions]


def as_floats(rows: Matrix) -> Array:
    return np.array(
        [
            [float(entry.mid()) if hasattr(entry, "mid") else float(entry.p) / float(entry.q) for entry in row]
            for row in rows
        ]
    )
