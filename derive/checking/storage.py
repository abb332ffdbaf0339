"""Exact values as arrays in the shapes in which generated code stores them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.language.family import Family
from derive.language.world import Value, World

Array = NDArray[np.float64]
Position = tuple[int, ...]


def drawn(world: World, family: Family) -> Array:
    """Return all members of a family as the world draws them."""
    return stored(world, family, {at: world.value(family, at) for at in world.positions(family)})


def stored(world: World, family: Family, values: dict[Position, Value]) -> Array:
    """Return given members as an array: plates first, then the coordinates that the domain's structure leaves free."""
    plates = tuple(world.size(index.size) for index in family.indices)
    entries = [np.array(_entry(family, values[at]), dtype=np.float64) for at in world.positions(family)]
    return np.array(entries).reshape((*plates, *entries[0].shape))


def _entry(family: Family, value: Value) -> Any:  # noqa: ANN401 - a float or nested lists of them
    if family.shape.is_scalar:
        return float(value)
    rows = [[float(entry) for entry in row] for row in value]
    structure = family.domain.structure
    if structure == "spherical":
        return rows[0][0]
    if structure == "diagonal":
        return [row[i] for i, row in enumerate(rows)]
    return [row[0] for row in rows] if family.shape.is_column else rows
