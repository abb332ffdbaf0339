"""Random data, known constants and sizes for the problems on which generated and submitted code is run."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.language.domain import AtLeast, Bound, CountUpTo, Domain
from derive.language.expr import Expr
from derive.language.family import Family, Role
from derive.language.lowest import in_sizes
from derive.proof.derivation import Derivation
from derive.runtime.protocol import GeneratedModule

Array = NDArray[np.float64]
_CENTRES = 4  # clusters in random data
_DRAWS = 20  # of problems, at most


def data_of(derivation: Derivation) -> Family:
    """Return the observed family."""
    return next(family for family in derivation.families if family.role is Role.DATA)


def coordinate_sizes(derivation: Derivation) -> tuple[str, ...]:
    """Return the names of all sizes but N and K: that of the data first."""
    n, k = (index.size.base.name for index in derivation.responsibilities.target.indices)
    data = data_of(derivation)
    names = [name for family in (data, *derivation.families) for name in _sizes(family)]
    return tuple(name for name in dict.fromkeys(names) if name not in {n, k, "1"})


def sides(derivation: Derivation, width: int) -> dict[str, int]:
    """Sizes of the coordinates: that of the data first, the others smaller so that designs have full column rank."""
    return {name: max(1, width - i) for i, name in enumerate(coordinate_sizes(derivation))}


def draw_problem(
    derivation: Derivation, rng: np.random.Generator, samples: int, components: int, width: int
) -> tuple[Array, dict[str, Array]]:
    """Return data with ``width`` coordinates, and the known constants by their names in code."""
    n, k = (index.size for index in derivation.responsibilities.target.indices)
    sizes = {n.name: samples, k.name: components, k.base.name: components - k.more} | sides(derivation, width)
    knowns = [family for family in derivation.families if family.role is Role.KNOWN]
    drawn: dict[str, Array] = {}
    for family in knowns:
        drawn[family.name] = draw_known(family, sizes, rng, drawn)
    return draw_data(data_of(derivation), sizes, rng, drawn), {family.code: drawn[family.name] for family in knowns}


def draw_solvable(
    derivation: Derivation,
    module: GeneratedModule,
    rng: np.random.Generator,
    samples: int,
    components: int,
    width: int,
) -> tuple[Array, dict[str, Array]]:
    """Draw problems until the M-step finds a maximum where all components share all samples, a few times at most.

    Not all data have one: the mean of cos(x_n - m) has to be positive for the concentration about a known direction.
    """
    shared = np.full((samples, components), 1 / components)
    for _ in range(_DRAWS):
        X, knowns = draw_problem(derivation, rng, samples, components, width)
        try:
            with np.errstate(all="ignore"):
                module.m_step(X, shared, **knowns)
        except (ValueError, np.linalg.LinAlgError):
            continue
        return X, knowns
    return draw_problem(derivation, rng, samples, components, width)


def draw_data(
    data: Family, sizes: dict[str, int], rng: np.random.Generator, drawn: Mapping[str, Array] | None = None
) -> Array:
    """Draw the data of a random problem from their domain: clusters, or positive numbers and counts of several sizes.

    drawn: known constants by the name of their family, among them those that bound the data.
    """
    if data.domain.nonnegative:
        return _numbers(data, sizes, rng, drawn or {})
    drawn_points = _clusters(data, sizes, rng)
    return _of_length_one(drawn_points) if data.domain.unit else drawn_points


def draw_known(
    family: Family, sizes: dict[str, int], rng: np.random.Generator, drawn: Mapping[str, Array] | None = None
) -> Array:
    """Draw a known constant from its domain."""
    domain: Domain = family.domain
    plates = tuple(sizes[index.size.name] for index in family.indices)
    rows, cols = (sizes.get(side.name, 1) for side in (family.shape.rows, family.shape.cols))
    if family.shape.is_scalar:
        if domain.sums_to_one or domain.integer or domain.at_most_one or isinstance(domain, AtLeast):
            return _numbers(family, sizes, rng, drawn or {})
        return np.asarray(rng.gamma(4.0, size=plates) if domain.nonnegative else rng.normal(size=plates))
    if domain.structure == "spherical":
        return rng.gamma(4.0, size=plates)
    if domain.structure == "diagonal":
        return rng.gamma(4.0, size=(*plates, rows))
    square: NDArray[Any] = rng.normal(size=(*plates, rows, cols))
    if domain.structure == "symmetric":
        return np.asarray(square @ np.swapaxes(square, -1, -2) + np.eye(rows))
    if domain.unit:
        return _of_length_one(square[..., 0])
    return square[..., 0] if family.shape.is_column else square


def _of_length_one(vectors: NDArray[Any]) -> Array:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


def _sizes(family: Family) -> list[str]:
    return [index.size.base.name for index in family.indices] + [family.shape.rows.name, family.shape.cols.name]


def _shape(family: Family, sizes: dict[str, int]) -> tuple[int, ...]:
    plates = (index.size for index in family.indices)
    names = [size.name if size.name in sizes else size.base.name for size in plates]  # K + 1 is a size of its own
    names += [family.shape.rows.name, family.shape.cols.name]
    return tuple(sizes[name] for name in names if name != "1")


def _clusters(data: Family, sizes: dict[str, int], rng: np.random.Generator) -> Array:
    samples, *rest = _shape(data, sizes)
    centres = rng.normal(scale=3.0, size=(_CENTRES, *rest))
    return np.asarray(centres[rng.integers(0, _CENTRES, size=samples)] + rng.normal(size=(samples, *rest)))


def _numbers(family: Family, sizes: dict[str, int], rng: np.random.Generator, drawn: Mapping[str, Array]) -> Array:
    """Draw scalars that a domain allows, in clusters along the first axis."""
    domain, shape = family.domain, _shape(family, sizes)
    if domain.sums_to_one:
        masses = rng.dirichlet(np.ones(shape[-1]), size=shape[:-1])
        return np.asarray(masses == masses.max(axis=-1, keepdims=True), dtype=float) if domain.integer else masses
    probability = np.asarray(rng.choice([0.2, 0.5, 0.8], size=shape))
    if isinstance(domain, CountUpTo):
        return rng.binomial(_bound(family, domain.bound, drawn).astype(int), probability).astype(float)
    if domain.at_most_one:
        return rng.binomial(1, probability).astype(float) if domain.integer else rng.beta(2.0, 4 * probability)
    level = rng.choice([1.0, 4.0, 9.0], size=shape)
    if domain.integer:
        return rng.poisson(level).astype(float)
    lowest = _lowest(family, domain, sizes, drawn) if isinstance(domain, AtLeast) else 0.0
    return np.asarray(lowest + rng.gamma(level))


def _lowest(family: Family, domain: AtLeast, sizes: dict[str, int], drawn: Mapping[str, Array]) -> Array | float:
    if isinstance(domain.bound, Expr):
        return float(in_sizes(domain.bound, lambda extent: sizes[extent.name]))
    return _bound(family, domain.bound, drawn)


def _bound(family: Family, bound: Bound, drawn: Mapping[str, Array]) -> Array:
    """Return the values of the family that bounds another one, so that they broadcast."""
    carried = set(bound.indices)
    at = tuple(slice(None) if index in carried else np.newaxis for index in family.indices)
    return drawn[bound.name][at]
