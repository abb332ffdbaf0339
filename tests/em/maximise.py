"""Numerical maximisation of Q in one parameter, from several starts, by SciPy: it knows the density and no calculus."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from derive.language.domain import Simplex
from derive.language.family import Family
from tests.language.floats import Array, Floats, size_of

Objective = Callable[[Array], float]


@dataclass(frozen=True)
class Chart:
    """Free real coordinates for all members of a family: exponentials where positive, Cholesky factors, softmax."""

    family: Family
    sizes: dict[str, int]

    @property
    def shape(self) -> tuple[int, ...]:
        """Plates, then rows and columns."""
        plates = [size_of(index.size, self.sizes) for index in self.family.indices]
        return (*plates, size_of(self.family.shape.rows, self.sizes), size_of(self.family.shape.cols, self.sizes))

    @property
    def count(self) -> int:
        """Number of coordinates (more than degrees of freedom where some have no effect)."""
        return int(np.prod(self.shape))

    def __call__(self, coordinates: Array) -> Array:
        """Return the members; those that are fixed or tied are set by their definition."""
        members = self._free(coordinates)
        for binding in self.family.bindings:
            offset = Floats({}, self.sizes)(binding.offset, {})
            members[binding.number - 1] = offset + (
                float(binding.scale) * members[binding.lead - 1] if binding.lead else 0
            )
        return members

    def _free(self, coordinates: Array) -> Array:
        free, domain = coordinates.reshape(self.shape), self.family.domain
        if isinstance(domain, Simplex):
            masses = np.exp(free - free.max())
            return np.asarray(masses / masses.sum(axis=-3, keepdims=True))
        if domain.below_one:
            return np.asarray(1 / (1 + np.exp(-free)))
        if domain.unit:
            return np.asarray(free / np.linalg.norm(free, axis=-2, keepdims=True))
        if domain.side is None:
            return np.exp(free) if domain.nonnegative else free
        unit = np.eye(self.shape[-1])
        if domain.structure == "spherical":
            return np.asarray(np.exp(free[..., :1, :1]) * unit)
        if domain.structure == "diagonal":
            return np.asarray(np.exp(free) * unit)
        lower = np.tril(free, -1) + np.exp(free * unit) * unit
        return np.asarray(lower @ np.swapaxes(lower, -1, -2))


def maximise(
    objective: Objective, family: Family, sizes: dict[str, int], rng: np.random.Generator, starts: int = 2
) -> Array:
    """Return the members that give the largest objective found."""
    chart, best, value = Chart(family, sizes), None, -np.inf

    def cost(coordinates: Array) -> float:
        with np.errstate(all="ignore"):
            found = -objective(chart(coordinates))
        return found if np.isfinite(found) else 1e30

    for _ in range(starts):
        result = minimize(cost, rng.normal(scale=0.5, size=chart.count), method="BFGS", options={"gtol": 1e-9})
        if -result.fun > value:
            best, value = chart(result.x), -result.fun
    assert best is not None
    return best
