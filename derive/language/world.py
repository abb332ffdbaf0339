"""A random world: concrete sizes for N, K and D and a concrete exact value for every symbol, drawn from its domain."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from itertools import product
from typing import Any

from flint import fmpq

from derive.language.domain import AtLeast, CountUpTo, Domain
from derive.language.expr import Expr
from derive.language.family import Family, Role
from derive.language.index import ONE, Extent
from derive.language.lowest import in_sizes
from derive.language.ring import Matrix, identity, matmul, rational, scale, transpose

Value = Any  # a scalar, or a matrix as rows: python-flint ships no types


@dataclass
class World:
    """Sizes and a seed decide everything; a value is drawn when it is first asked for.

    The draw depends on the family and the position only, so two worlds of one seed agree on all symbols but those
    that are redrawn (``redraw``: family name -> another stream).

    moderate: families whose values stand in exponents and are drawn of moderate size. Of terms of very different size
    a comparison sees the largest only, and exp(997) beside exp(3) would hide what is wrong with the latter.

    penalty: what the log of a density is outside of its support: a number that stands for minus infinity. An identity
    that holds at any such number, drawn at random, holds in the limit.

    sparse: some responsibilities are zero, but not all of a sample or a component.

    whole: draw whole numbers where the domain has no others, as generated code requires. A certificate does without:
    what holds at any number holds at those, and chance hits at 0 and 1 are avoided.
    """

    sizes: dict[Extent, int]
    seed: int
    redraw: frozenset[str] = frozenset()
    moderate: frozenset[str] = frozenset()
    whole: bool = False
    sparse: bool = False
    penalty: Value = None
    _values: dict[tuple[str, tuple[int, ...]], Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Draw the penalty."""
        if self.penalty is None:
            stream = random.Random(f"{self.seed}/penalty")  # noqa: S311 - not for secrets
            self.penalty = -_positive(stream) - 5

    @property
    def identity(self) -> str:
        """What decides all values: two worlds with the same agree in them."""
        named = sorted((extent.name, size) for extent, size in self.sizes.items())
        others = (getattr(self, part.name) for part in fields(self) if part.name[0] != "_" and part.name != "sizes")
        return repr((named, *(sorted(part) if isinstance(part, frozenset) else part for part in others)))

    def size(self, dimension: Extent) -> int:
        """Return the concrete size; a dimension that was not named gets one that differs from all others."""
        if dimension == ONE:
            return 1
        if dimension.more:
            return self.size(dimension.base) + dimension.more
        if dimension not in self.sizes:
            self.sizes[dimension] = next(s for s in range(2, 99) if s not in self.sizes.values())
        return self.sizes[dimension]

    def redrawn(self, name: str) -> "World":
        """Return a world that agrees with this one on all families but one."""
        return World(dict(self.sizes), self.seed, frozenset((name,)), self.moderate, self.whole)

    def positions(self, family: Family) -> Iterator[tuple[int, ...]]:
        """All positions of a family's members."""
        return product(*(range(self.size(index.size)) for index in family.indices))

    def value(self, family: Family, position: tuple[int, ...]) -> Value:
        """Return the value of a member: a scalar, or a matrix as rows."""
        at = (family.name, position)
        if at not in self._values:
            if family.domain.sums_to_one or family.role is Role.RESPONSIBILITY:
                self._draw_simplex(family, position[:-1])
            else:
                self._values[at] = self._draw(family, position, self._stream(family, position))
        return self._values[at]

    def _stream(self, family: Family, position: tuple[int, ...]) -> random.Random:
        return random.Random(f"{self.seed}/{family.name}/{position}/{family.name in self.redraw}")  # noqa: S311 - not for secrets

    def _draw_simplex(self, family: Family, head: tuple[int, ...]) -> None:
        members = [(*head, last) for last in range(self.size(family.indices[-1].size))]
        masses = [self._stream(family, member).randint(1, 997) for member in members]
        if self.sparse and family.role is Role.RESPONSIBILITY:
            masses = [mass * (sum(member) % 3 > 0) for member, mass in zip(members, masses, strict=True)]
        if self.whole and family.domain.integer:
            masses = [int(mass == max(masses)) for mass in masses]
        for member, mass in zip(members, masses, strict=True):
            self._values[family.name, member] = fmpq(mass, sum(masses))

    def _draw(self, family: Family, position: tuple[int, ...], stream: random.Random) -> Value:
        rows, cols = self.size(family.shape.rows), self.size(family.shape.cols)
        if family.role in (Role.LATENT, Role.MULTIPLIER) and not family.domain.nonnegative:
            return _moderate_real(stream)  # these stand in exponents
        if family.shape.is_scalar:
            return self._draw_number(family, position, stream)
        if family.domain.unit:
            return _unit_vector(rows, stream)
        if family.domain.structure == "full":
            draw = _moderate_real if family.name in self.moderate else _real
            return tuple(tuple(draw(stream) for _ in range(cols)) for _ in range(rows))
        return _structured(family.domain, rows, stream)

    def _draw_number(self, family: Family, position: tuple[int, ...], stream: random.Random) -> Value:
        """Draw a scalar from its domain."""
        domain, whole = family.domain, self.whole and family.domain.integer
        moderate = family.name in self.moderate
        positive = _moderate_positive if moderate else _positive
        if isinstance(domain, AtLeast):
            return self._bound(domain, family, position) + positive(stream)
        if isinstance(domain, CountUpTo):
            bound = self._bound(domain, family, position)
            return fmpq(stream.randint(0, int(bound))) if whole else bound * _fraction(stream)
        if domain.at_most_one:
            return fmpq(stream.randint(0, 1)) if whole else _fraction(stream)
        if whole:
            return fmpq(stream.randint(0, 12))
        if domain.nonnegative:
            return positive(stream)
        return _moderate_real(stream) if moderate else _real(stream)

    def _bound(self, domain: AtLeast | CountUpTo, family: Family, position: tuple[int, ...]) -> Value:
        """Return the value of the bound of this member: a number, or a known family's value."""
        at = dict(zip(family.indices, position, strict=True))
        bound = domain.bound
        if isinstance(bound, Expr):
            return rational(in_sizes(bound, self.size))
        assert isinstance(bound, Family)  # noqa: S101 - for the type checker: declared so
        return self.value(bound, tuple(at[index] for index in bound.indices))


def _fraction(stream: random.Random) -> fmpq:
    return fmpq(stream.randint(1, 996), 997)


def _real(stream: random.Random) -> fmpq:
    return fmpq(stream.randint(-997, 997), stream.randint(1, 97))


def _moderate_real(stream: random.Random) -> fmpq:
    return fmpq(stream.randint(-2991, 2991), 997)


def _moderate_positive(stream: random.Random) -> fmpq:
    return fmpq(stream.randint(1, 2991), 997)


def _positive(stream: random.Random) -> fmpq:
    return fmpq(stream.randint(1, 997), stream.randint(1, 97))


def _unit_vector(size: int, stream: random.Random) -> Matrix:
    """Draw a point of the unit sphere by stereographic projection, so that it is rational."""
    flat = [_moderate_real(stream) for _ in range(size - 1)]
    squared = sum((entry * entry for entry in flat), fmpq(0))
    entries = [*(2 * entry / (squared + 1) for entry in flat), (squared - 1) / (squared + 1)]
    return tuple((entry,) for entry in entries)


def _structured(domain: Domain, size: int, stream: random.Random) -> Matrix:
    """Draw a symmetric matrix; a definite one as L L', so that it has a rational Cholesky factor."""
    if domain.structure == "spherical":
        return scale(_positive(stream) ** 2 if domain.positive else _real(stream), identity(size))
    entries = [[fmpq(0)] * size for _ in range(size)]
    for i in range(size):
        entries[i][i] = _positive(stream) if domain.positive else _real(stream)
        for j in range(i if domain.structure == "symmetric" else 0):
            entries[i][j] = _real(stream)
    lower = tuple(tuple(row) for row in entries)
    if domain.positive:
        return matmul(lower, transpose(lower))
    return tuple(tuple(lower[max(i, j)][min(i, j)] for j in range(size)) for i in range(size))


def tangent_basis(domain: Domain, rows: int, cols: int) -> list[Matrix]:
    """Orthogonal basis of the space in which a differential of a member of the domain lives."""
    if domain.structure == "spherical":
        return [identity(rows)]
    basis = []
    for i in range(rows):
        for j in range(cols):
            if domain.structure == "diagonal" and i != j:
                continue
            if domain.structure == "symmetric" and j > i:
                continue
            places = {(i, j), (j, i)} if domain.structure == "symmetric" else {(i, j)}
            basis.append(tuple(tuple(fmpq(int((r, c) in places)) for c in range(cols)) for r in range(rows)))
    return basis
