"""The smallest counter-example: few samples, components and coordinates, small numbers, both sides there."""

import random
from dataclasses import dataclass
from itertools import product

from flint import fmpq

from derive.checking.derivations.conventions import GREEK
from derive.checking.derivations.equations import Equations, symbols_in
from derive.checking.derivations.outcome import CounterExample
from derive.checking.derivations.vocabulary import Vocabulary
from derive.checking.derivations.worlds import Difference, Place, UndecidableError, difference, parameter_names, shown
from derive.language import ring
from derive.language.evaluate import Evaluator
from derive.language.expr import Expr
from derive.language.family import Family, Role
from derive.language.index import Extent
from derive.language.ring import Matrix
from derive.language.world import World

LARGEST = 3
_SHOWN = 6  # symbols whose values are given


@dataclass
class SmallWorld(World):
    """A world of small whole numbers and halves."""

    def _draw(self, family: Family, position: tuple[int, ...], stream: random.Random) -> ring.Scalar:
        if family.shape.is_scalar and not family.domain.at_most_one and family.role is not Role.KNOWN:
            low = 1 if family.domain.nonnegative else -3
            return fmpq(stream.choice([value for value in range(low, 5) if value]))
        if family.domain.structure == "full" and not family.shape.is_scalar and not family.domain.unit:
            rows, cols = self.size(family.shape.rows), self.size(family.shape.cols)
            return tuple(tuple(fmpq(stream.randint(-2, 3)) for _ in range(cols)) for _ in range(rows))
        if family.domain.positive and family.domain.side is not None:
            return _definite(self.size(family.shape.rows), family.domain.structure, stream)
        if family.domain.at_most_one and family.shape.is_scalar:
            return fmpq(stream.randint(1, 4), 5)
        return super()._draw(family, position, stream)

    def _draw_simplex(self, family: Family, head: tuple[int, ...]) -> None:
        members = [(*head, last) for last in range(self.size(family.indices[-1].size))]
        masses = [self._stream(family, member).randint(1, 4) for member in members]
        for member, mass in zip(members, masses, strict=True):
            self._values[family.name, member] = fmpq(mass, sum(masses))


def _definite(size: int, structure: str, stream: random.Random) -> Matrix:
    if structure == "spherical":
        return ring.scale(fmpq(stream.randint(2, 4)), ring.identity(size))
    off = 1 if structure == "symmetric" else 0
    return tuple(tuple(fmpq(stream.randint(2, 3) + size if i == j else off) for j in range(size)) for i in range(size))


def smallest(left: Expr, right: Expr, equations: Equations, *, solved: bool) -> CounterExample | None:
    """Return the smallest sizes and numbers at which the sides differ.

    solved: compare them at the solution of the M-step, since they need to agree only there.
    """
    vocabulary = equations.worlds.vocabulary
    for sizes in _sizes(vocabulary.model.extents):
        world = SmallWorld(dict(sizes), 3)
        place = Place(vocabulary, equations.worlds.derivation, world)
        try:
            evaluator = _evaluator(place, left, right, equations) if solved else place.free
            if evaluator is None:
                return None
            if left.shape != right.shape:
                return None
            found = difference(left, right, evaluator)
        except UndecidableError:
            continue
        if found is not None:
            return _described(found, left, right, evaluator, vocabulary, sizes)
    return None


def _evaluator(place: Place, left: Expr, right: Expr, equations: Equations) -> Evaluator | None:
    mentioned = frozenset(symbol.family for side in (left, right) for symbol in symbols_in(side))
    every = parameter_names(equations.worlds.derivation)
    return equations.solved(place, frozenset(family.name for family in mentioned) & every, mentioned)


def _sizes(extents: tuple[Extent, ...]) -> list[dict[Extent, int]]:
    found = [dict(zip(extents, sizes, strict=True)) for sizes in product(range(1, LARGEST + 1), repeat=len(extents))]
    return sorted(found, key=lambda sizes: (sum(sizes.values()), max(sizes.values())))


def _described(
    found: Difference,
    left: Expr,
    right: Expr,
    evaluator: Evaluator,
    vocabulary: Vocabulary,
    sizes: dict[Extent, int],
) -> CounterExample:
    named = {extent: letter for letter, extent in reversed(list(vocabulary.sizes.items()))}
    where = [(index.name, str(value + 1)) for index, value in found.env.items()]
    values = [
        (f"{_spelled(family, vocabulary)}", _text(members)) for family, members in _values(left, right, evaluator)
    ]
    return CounterExample(
        tuple((named.get(extent, extent.name), size) for extent, size in sizes.items()),
        (*where, *values[:_SHOWN]),
        _matrix(found.left),
        _matrix(found.right),
        "" if len(found.left) == len(found.left[0]) == 1 else f"entry {found.entry[0] + 1}, {found.entry[1] + 1}",
    )


def _spelled(family: Family, vocabulary: Vocabulary) -> str:
    """The document's name of a family."""
    if family == vocabulary.notation.gamma:
        name = next(iter(sorted(vocabulary.gammas)), family.name)
    else:
        name = next((name for name, meaning in vocabulary.names.items() if meaning.family == family), family.name)
    letter = name.removeprefix("multiplier_").rpartition(":")[2]
    return f"\\{letter}" if letter.lower() in GREEK else letter


def _values(left: Expr, right: Expr, evaluator: Evaluator) -> list[tuple[Family, list[ring.Scalar]]]:
    families = dict.fromkeys(symbol.family for side in (left, right) for symbol in symbols_in(side))
    return [
        (family, [_value(family, position, evaluator) for position in evaluator.world.positions(family)])
        for family in families
        if family.definition is None and family.inverse_of is None
    ]


def _value(family: Family, position: tuple[int, ...], evaluator: Evaluator) -> ring.Scalar:
    """Return a member's value, where it was solved for as well."""
    place: Evaluator | None = evaluator
    while place is not None:
        if (family.name, position) in place.changed:
            return place.changed[family.name, position]
        place = place.parent
    return evaluator.world.value(family, position)


def _text(members: list[ring.Scalar]) -> str:
    return ", ".join(_matrix(member) if isinstance(member, tuple) else shown(member) for member in members)


def _matrix(rows: Matrix) -> str:
    if len(rows) == len(rows[0]) == 1:
        return shown(rows[0][0])
    if len(rows[0]) == 1:
        return f"({', '.join(shown(row[0]) for row in rows)})"
    return f"[{'; '.join(', '.join(shown(entry) for entry in row) for row in rows)}]"
