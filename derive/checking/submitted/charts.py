"""Free real coordinates for parameters: logarithms where positive, logits, Cholesky factors, softmax on simplices.

In these any step stays in the domain, so that Q can be maximised without knowing the model.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derive.checking.submitted.members import Given, with_members
from derive.language.family import Family

Array = NDArray[np.float64]
Arrays = dict[str, Array]
# Where the ends belong to the domain, coordinates are the values: those beyond an end stand for it.
CLIPPED = {"plain": (-np.inf, np.inf), "half line": (0.0, np.inf), "interval": (0.0, 1.0)}


@dataclass(frozen=True)
class Chart:
    """Coordinates for the values of a family, stored as generated code stores them."""

    family: Family
    shape: tuple[int, ...]
    given: tuple[Given, ...] = ()

    @property
    def kind(self) -> str:
        """How values are written in free coordinates."""
        domain = self.family.domain
        if domain.sums_to_one:
            return "softmax"
        if domain.unit:
            return "sphere"
        if domain.structure == "symmetric":
            return "cholesky" if domain.positive else "symmetric"
        if domain.at_most_one:
            return "logit" if domain.positive else "interval"
        if domain.nonnegative:
            return "log" if domain.positive else "half line"
        return "plain"

    def coordinates(self, value: Array) -> Array:
        """The coordinates of a value inside of the domain, flat."""
        if self.kind in {"softmax", "log"}:
            return np.asarray(np.log(value).ravel())
        if self.kind == "logit":
            return np.asarray((np.log(value) - np.log1p(-value)).ravel())
        if self.kind in {*CLIPPED, "sphere"}:
            return value.ravel()
        rows, cols = np.tril_indices(self.shape[-1])
        if self.kind == "symmetric":
            return np.asarray(value[..., rows, cols].ravel())
        lower = np.linalg.cholesky(value)
        diagonal = np.arange(self.shape[-1])
        lower[..., diagonal, diagonal] = np.log(lower[..., diagonal, diagonal])
        return np.asarray(lower[..., rows, cols].ravel())

    def value(self, coordinates: Array) -> Array:
        """The value at the coordinates; members that are fixed or tied have the values that the model says."""
        return with_members(self._free(coordinates), self.given)

    def _free(self, coordinates: Array) -> Array:
        if self.kind in {*CLIPPED, "softmax", "log", "logit", "sphere"}:
            free = coordinates.reshape(self.shape)
            if self.kind in CLIPPED:
                return np.clip(free, *CLIPPED[self.kind])
            if self.kind == "sphere":
                return np.asarray(free / np.linalg.norm(free, axis=-1, keepdims=True))
            if self.kind == "log":
                return np.asarray(np.exp(free))
            if self.kind == "logit":
                return np.asarray(1 / (1 + np.exp(-free)))
            masses = np.exp(free - free.max(axis=-1, keepdims=True))
            return np.asarray(masses / masses.sum(axis=-1, keepdims=True))
        side = self.shape[-1]
        rows, cols = np.tril_indices(side)
        lower = np.zeros(self.shape)
        lower[..., rows, cols] = coordinates.reshape(*self.shape[:-2], len(rows))
        if self.kind == "symmetric":
            return np.asarray(lower + np.swapaxes(np.tril(lower, -1), -1, -2))
        diagonal = np.arange(side)
        lower[..., diagonal, diagonal] = np.exp(lower[..., diagonal, diagonal])
        return np.asarray(lower @ np.swapaxes(lower, -1, -2))


@dataclass(frozen=True)
class Atlas:
    """The charts of all parameters side by side: one flat vector of coordinates."""

    charts: dict[str, Chart]

    def coordinates(self, values: Mapping[str, Array]) -> dict[str, Array]:
        """Coordinates of each parameter. Raises LinAlgError or gives NaN for values outside of their domains."""
        with np.errstate(all="ignore"):
            return {name: chart.coordinates(values[name]) for name, chart in self.charts.items()}

    def values(self, coordinates: Mapping[str, Array]) -> dict[str, Array]:
        """Parameters at the coordinates of each."""
        with np.errstate(all="ignore"):
            return {name: chart.value(coordinates[name]) for name, chart in self.charts.items()}

    def split(self, flat: Array, like: Mapping[str, Array]) -> dict[str, Array]:
        """One flat vector as the coordinates of each parameter, whose lengths ``like`` gives."""
        ends = np.cumsum([len(like[name]) for name in self.charts])[:-1]
        return dict(zip(self.charts, np.split(flat, ends), strict=True))
