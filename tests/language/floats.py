"""An evaluator of expressions in floating point, written apart from the package's exact one, to hold that against.

Every value is a two-dimensional array; a scalar is 1 x 1. Derivatives are differences of fourth order.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import special as scipy_special
from scipy.optimize import brentq

from derive.language import calculus_nodes as calculus
from derive.language import expr as tree
from derive.language import functions, numbered, special
from derive.language.domain import AtLeast, Simplex
from derive.language.excess import Excess
from derive.language.expr import Expr
from derive.language.family import Family, Role, Symbol
from derive.language.index import ONE, Extent, Index
from derive.language.root_of import RootOf
from derive.language.symbolic_power import SymbolicPower
from tests.language.float_orders import ORDERS

Array = NDArray[np.floating[Any]]
Env = dict[Index, int]
FIRST = ((1, 8 / 12), (-1, -8 / 12), (2, -1 / 12), (-2, 1 / 12))
SECOND = ((0, -30 / 12), (1, 16 / 12), (-1, 16 / 12), (2, -1 / 12), (-2, -1 / 12))


def size_of(extent: Extent, sizes: dict[str, int]) -> int:
    """Return the concrete size."""
    return 1 if extent == ONE else sizes[extent.name]


def draw(family: Family, sizes: dict[str, int], rng: np.random.Generator) -> Array:
    """Draw all members of a family: an array with the plates first, then rows and columns."""
    plates = [size_of(index.size, sizes) for index in family.indices]
    rows, cols = size_of(family.shape.rows, sizes), size_of(family.shape.cols, sizes)
    if isinstance(family.domain, Simplex) or family.role is Role.RESPONSIBILITY:
        masses = rng.uniform(0.2, 1.0, plates)
        return np.asarray((masses / masses.sum(axis=-1, keepdims=True))[..., None, None])
    if isinstance(family.domain, AtLeast) and isinstance(family.domain.bound, Expr):
        lowest = float(Floats({}, sizes)(family.domain.bound, {})[0, 0])
        return np.asarray(lowest + rng.uniform(0.0, 2.0, (*plates, 1, 1)))
    if family.domain.at_most_one:
        return rng.uniform(0.1, 0.9, (*plates, 1, 1))
    if rows == cols == 1 and family.domain.structure == "full":
        return rng.uniform(0.3, 2.0, (*plates, 1, 1)) if family.domain.nonnegative else rng.normal(size=(*plates, 1, 1))
    if family.domain.structure == "full":
        return rng.normal(size=(*plates, rows, cols))
    unit = np.eye(rows)
    if family.domain.structure == "spherical":
        scale = rng.uniform(0.3, 2.0, (*plates, 1, 1)) if family.domain.positive else rng.normal(size=(*plates, 1, 1))
        return np.asarray(scale * unit)
    if family.domain.structure == "diagonal":
        entries = rng.uniform(0.3, 2.0, (*plates, rows)) if family.domain.positive else rng.normal(size=(*plates, rows))
        return np.asarray(entries[..., None] * unit)
    square = rng.normal(size=(*plates, rows, rows))
    turned = np.swapaxes(square, -1, -2)
    return np.asarray(square @ turned / rows + unit / 2) if family.domain.positive else np.asarray(square + turned)


def basis(structure: str, rows: int, cols: int) -> list[Array]:
    """Orthogonal basis of the matrices of a structure."""
    unit = np.zeros((rows, cols))
    single = []
    for i, j in product(range(rows), range(cols)):
        one = unit.copy()
        one[i, j] = 1.0
        single.append(((i, j), one))
    if structure == "spherical":
        return [np.eye(rows)]
    if structure == "diagonal":
        return [one for (i, j), one in single if i == j]
    if structure == "symmetric":
        return [one if i == j else one + one.T for (i, j), one in single if i <= j]
    return [one for _, one in single]


@dataclass(frozen=True)
class Floats:
    """Values of families by name (plates first, then rows and columns), at concrete sizes; missing ones are drawn."""

    values: dict[str, Array]
    sizes: dict[str, int]
    seed: int = 0

    def with_values(self, changes: dict[str, Array]) -> "Floats":
        """Return an evaluator with other values of some families."""
        return replace(self, values=self.values | changes)

    def family(self, family: Family) -> Array:
        """Return all members; those of an inverse family follow from its base, of a defined one from its definition."""
        if family.definition is not None:
            return self.all_of(family, family.definition)
        if family.inverse_of is not None:
            return np.linalg.inv(self.family(family.inverse_of))
        if family.name not in self.values:
            stream = np.random.default_rng((self.seed, crc32(family.name.encode())))  # the same in every copy
            self.values[family.name] = draw(family, self.sizes, stream)
        return self.values[family.name]

    def all_of(self, symbol_of: Family, value: Expr) -> Array:
        """Return a value written for the family's own indices at all positions."""
        plates = [size_of(index.size, self.sizes) for index in symbol_of.indices]
        positions = product(*map(range, plates))
        found = [self(value, dict(zip(symbol_of.indices, position, strict=True))) for position in positions]
        return np.array(found).reshape(*plates, *found[0].shape)

    def __call__(self, expr: Expr, env: Env) -> Array:
        """Return the value."""
        return RULES[type(expr)](self, expr, env)

    def moved(self, family: Family, position: tuple[int, ...], step: Array) -> "Floats":
        """Return an evaluator in which one member moved by ``step``; an inverse family moves its base."""
        values = self.family(family).copy()
        values[position] = values[position] + step
        if family.inverse_of is None:
            return self.with_values({family.name: values})
        return self.with_values({family.inverse_of.name: np.linalg.inv(values)})


def _symbol(at: Floats, e: Any, env: Env) -> Array:
    return np.asarray(at.family(e.family)[tuple(env[index] for index in e.indices)])


def _word(at: Floats, e: Any, env: Env) -> Array:
    result = at(e.letters[0], env)
    for letter in e.letters[1:]:
        result = result @ at(letter, env)
    return result


def _mul(at: Floats, e: Any, env: Env) -> Array:
    result = np.ones((1, 1))
    for factor in e.factors:
        result = result * at(factor, env)
    return np.asarray(result)


def _sum(at: Floats, e: Any, env: Env) -> Array:
    count = size_of(e.index.size, at.sizes)
    return np.asarray(sum(at(e.body, env | {e.index: i}) for i in range(count)))


def _derivative(at: Floats, e: Any, env: Env) -> Array:
    family: Family = e.symbol.family
    position = tuple(env[index] for index in e.symbol.indices)
    rows, cols = size_of(family.shape.rows, at.sizes), size_of(family.shape.cols, at.sizes)
    total, h = np.zeros((rows, cols)), 1e-3
    for one in basis(family.domain.structure, rows, cols):
        slope = sum(w * at.moved(family, position, s * h * one)(e.body, env)[0, 0] for s, w in FIRST) / h
        total += slope / (one**2).sum() * one
    return total


def _second(at: Floats, e: Any, env: Env) -> Array:
    direction, h, total = at.family(e.direction), 2e-3, np.zeros((1, 1))
    for step, weight in SECOND:
        values = at.family(e.family) + step * h * direction
        base = e.family.inverse_of
        moved: dict[str, Array] = {e.family.name: values} if base is None else {base.name: np.linalg.inv(values)}
        total = total + weight * at.with_values(moved)(e.body, env)
    return total / h**2


def _expectation(at: Floats, e: Any, env: Env) -> Array:
    probabilities = at.family(e.probabilities)[..., 0, 0]
    samples, components = probabilities.shape
    total = np.zeros((1, 1))
    for labels in product(range(components), repeat=samples):
        onehot = np.eye(components)[list(labels)][..., None, None]
        weight = np.prod([probabilities[n, label] for n, label in enumerate(labels)])
        total = total + weight * at.with_values({e.latent.name: onehot})(e.body, env)
    return total


def _at(at: Floats, e: Any, env: Env) -> Array:
    plates = [size_of(index.size, at.sizes) for index in e.symbol.indices]
    found = [
        at(e.value, env | dict(zip(e.symbol.indices, position, strict=True)))
        for position in product(*map(range, plates))
    ]
    return at.with_values({e.symbol.family.name: np.array(found).reshape(*plates, *found[0].shape)})(e.body, env)


def _gap(at: Floats, e: Any, env: Env) -> Array:
    t = at(e.arg, env)
    return np.asarray(t - 1 - np.log(t))


def _logdet(at: Floats, e: Any, env: Env) -> Array:
    return np.full((1, 1), np.log(np.linalg.det(at(e.arg, env))))


def _factor(at: Floats, e: Any, env: Env) -> Array:
    if isinstance(e.arg, functions.Inverse):  # the same root as the exact evaluator: the product C C' is what counts
        return np.linalg.inv(np.linalg.cholesky(at(e.arg.arg, env))).T
    return np.linalg.cholesky(at(e.arg, env))


def _bessel_ratio(at: Floats, e: Any, env: Env) -> Array:
    order, x = at(e.order, env), at(e.arg, env)
    return np.asarray(scipy_special.iv(order + 1, x) / scipy_special.iv(order, x))


def _root(at: Floats, e: Any, env: Env) -> Array:
    """By bisection, of the logarithm where the unknown is positive."""
    family: Family = e.unknown.family
    position = tuple(env[index] for index in e.unknown.indices)
    known = draw(family, at.sizes, np.random.default_rng(0))

    def value(coordinate: float) -> float:
        members = known.copy()
        members[position] = np.exp(coordinate) if family.domain.positive else coordinate
        return float(at.with_values({family.name: members})(e.slope, env)[0, 0])

    with np.errstate(all="ignore"):
        root = float(brentq(value, -9.0, 6.0, xtol=1e-14))
    return np.full((1, 1), np.exp(root) if family.domain.positive else root)


RULES: dict[type[Expr], Callable[[Floats, Any, Env], Array]] = {
    Symbol: _symbol,
    tree.Number: lambda at, e, env: np.full((1, 1), float(e.value)),
    tree.Zero: lambda at, e, env: np.zeros((size_of(e.rows, at.sizes), size_of(e.cols, at.sizes))),
    tree.Identity: lambda at, e, env: np.eye(size_of(e.size, at.sizes)),
    tree.Add: lambda at, e, env: np.asarray(sum(at(term, env) for term in e.terms)),
    tree.Mul: _mul,
    tree.Word: _word,
    tree.Power: lambda at, e, env: at(e.base, env) ** float(e.exponent),
    tree.Transpose: lambda at, e, env: at(e.arg, env).T,
    functions.Constant: lambda at, e, env: np.full((1, 1), np.pi),
    functions.Size: lambda at, e, env: np.full((1, 1), float(size_of(e.extent, at.sizes))),
    functions.Log: lambda at, e, env: np.log(at(e.arg, env)),
    functions.Exp: lambda at, e, env: np.exp(at(e.arg, env)),
    functions.Inverse: lambda at, e, env: np.linalg.inv(at(e.arg, env)),
    functions.LogDet: _logdet,
    functions.Trace: lambda at, e, env: np.full((1, 1), np.trace(at(e.arg, env))),
    functions.DiagonalPart: lambda at, e, env: np.diag(np.diag(at(e.arg, env))),
    functions.Sum: _sum,
    numbered.Ordinal: lambda at, e, env: np.full((1, 1), env[e.index] + 1.0),
    numbered.Cases: lambda at, e, env: at(e.at(env[e.index] + 1), env),
    calculus.Named: lambda at, e, env: at(e.definition, env),
    calculus.Derivative: _derivative,
    calculus.SecondDifferential: _second,
    calculus.Expectation: _expectation,
    calculus.Factor: _factor,
    calculus.FrobeniusNorm: lambda at, e, env: np.full((1, 1), float((at(e.arg, env) ** 2).sum())),
    calculus.Gap: _gap,
    calculus.At: _at,
    RootOf: _root,
    Excess: lambda at, e, env: at(e.definition, env),
    SymbolicPower: lambda at, e, env: at(e.base, env) ** at(e.exponent, env),
    special.LogGamma: lambda at, e, env: scipy_special.gammaln(at(e.arg, env)),
    special.PolyGamma: lambda at, e, env: scipy_special.polygamma(e.order, at(e.arg, env)),
    special.LogBesselI: lambda at, e, env: np.log(scipy_special.iv(at(e.order, env), at(e.arg, env))),
    special.BesselRatio: _bessel_ratio,
    special.Cos: lambda at, e, env: np.cos(at(e.arg, env)),
    special.Sin: lambda at, e, env: np.sin(at(e.arg, env)),
    special.Atan2: lambda at, e, env: np.arctan2(at(e.y, env), at(e.x, env)),
    special.Absolute: lambda at, e, env: np.abs(at(e.arg, env)),
    **ORDERS,
}
