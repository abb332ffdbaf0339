"""Random data, known constants and sizes for the problems on which generated and submitted code is run."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.language.family import Family, Role
from derive.proof.derivation import Derivation

Array = NDArray[np.float64]


def sides(derivation: Derivation, width: int) -> dict[str, int]:
    """Sizes of the coordinates: that of the data first, the others smaller so that designs have full column rank."""
    named = [s.name for f in derivation.families for s in (f.shape.rows, f.shape.cols) if s.name != "1"]
    data = next(family for family in derivation.families if family.role is Role.DATA)
    ordered = dict.fromkeys([data.shape.rows.name, *named])
    ordered.pop("1", None)
    return {name: max(1, width - i) for i, name in enumerate(ordered)}


def draw_data(data: Family, sizes: dict[str, int], rng: np.random.Generator) -> Array:
    """Draw the data of a random problem from their domain: clusters, or Gamma variables where nothing is negative."""
    samples = sizes[data.indices[0].size.name]
    shape = (samples,) if data.shape.is_scalar else (samples, sizes[data.shape.rows.name])
    if data.domain.nonnegative:
        return rng.gamma(rng.choice([1.0, 4.0, 9.0], size=shape))
    centres = rng.normal(scale=3.0, size=(4, *shape[1:]))
    return np.asarray(centres[rng.integers(0, 4, size=samples)] + rng.normal(size=shape))


def draw_known(family: Family, sizes: dict[str, int], rng: np.random.Generator) -> Array:
    """Draw a known constant from its domain."""
    plates = tuple(sizes[index.size.name] for index in family.indices)
    rows, cols = (sizes.get(side.name, 1) for side in (family.shape.rows, family.shape.cols))
    domain: Any = family.domain
    if domain.name == "Simplex":
        return rng.dirichlet(np.ones(plates[-1]), size=plates[:-1])
    if family.shape.is_scalar:
        return rng.gamma(4.0, size=plates) if domain.nonnegative else rng.normal(size=plates)
    if domain.structure == "spherical":
        return rng.gamma(4.0, size=plates)
    if domain.structure == "diagonal":
        return rng.gamma(4.0, size=(*plates, rows))
    square = rng.normal(size=(*plates, rows, cols))
    if domain.structure == "symmetric":
        return np.asarray(square @ np.swapaxes(square, -1, -2) + np.eye(rows))
    return square[..., 0] if family.shape.is_column else square
