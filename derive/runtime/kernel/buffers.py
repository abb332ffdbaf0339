"""The arrays of one thread, made once: an iteration allocates next to nothing."""

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

import numpy as np

FLOOR = {"float64": -700.0, "float32": -87.0}  # below, np.exp takes the slow road to numbers of no weight


class Buffers:
    """What responsibilities need; a sample is a column, so that reductions over components run over whole rows."""

    def __init__(self, components: int, size: int, dtype: Any) -> None:
        """Make them for blocks of at most ``size`` samples."""
        self.size = size
        self.joint = np.empty((components, size), dtype)
        self.floor = np.full((components, size), FLOOR[np.dtype(dtype).name], dtype)
        self.ones = np.ones(components, dtype)
        self.largest, self.scale, self.norm = (np.empty(size, dtype) for _ in range(3))


class FeatureBuffers(Buffers):
    """Beside them the features of a block, a column for each sample too."""

    def __init__(self, features: int, components: int, event: tuple[int, ...], size: int, dtype: Any) -> None:
        """event: the shape of one sample."""
        super().__init__(components, size, dtype)
        self.key = (features, components, event, size, np.dtype(dtype))
        self.event = event
        self.moved = np.empty((*event, size), dtype)
        self.features = np.empty((features, size), dtype)
        self.product = np.empty((components, features), dtype)


class WhitenedBuffers(Buffers):
    """Beside them the samples of a block in rows, as they come, and what is made of them for a few components."""

    def __init__(self, components: int, coordinates: int, panel: int, size: int, dtype: Any) -> None:
        """panel: how many whitened coordinates are held at a time."""
        super().__init__(components, size, dtype)
        self.key = (components, coordinates, panel, size, np.dtype(dtype))
        self.rows = np.empty((size, coordinates), dtype)
        self.centred = np.empty((size, coordinates), dtype)
        self.panel = np.empty(size * panel, dtype)
        self.distances = np.empty((components, size), dtype)
        self.product = np.empty((coordinates, coordinates), dtype)


Kind = TypeVar("Kind", bound="FeatureBuffers | WhitenedBuffers")


class Pool(Generic[Kind]):
    """Buffers between calls: each taken by one caller at a time, so that threads may share a kernel."""

    def __init__(self) -> None:
        self._spare: list[list[Kind]] = []

    def take(self, key: Hashable, number: int, make: Callable[[], Kind]) -> list[Kind]:
        """Return so many of this key, made now if none are to spare."""
        try:
            found = self._spare.pop()
        except IndexError:  # the first call, or another thread has them
            found = []
        if len(found) < number or found[0].key != key:
            found = [make() for _ in range(number)]
        return found

    def give(self, taken: list[Kind]) -> None:
        """Keep them for the next caller."""
        self._spare.append(taken)

    def clear(self) -> None:
        """Let go of all."""
        self._spare = []
