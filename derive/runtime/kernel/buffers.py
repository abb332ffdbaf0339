"""The arrays of one thread, made once: an iteration allocates next to nothing."""

from typing import Any

import numpy as np

FLOOR = {"float64": -700.0, "float32": -87.0}  # below, np.exp takes the slow road to numbers of no weight


class Buffers:
    """The arrays of one thread; a sample is a column, so that reductions over components run over whole rows."""

    def __init__(self, features: int, components: int, event: tuple[int, ...], size: int, dtype: Any) -> None:
        """Make them for blocks of at most ``size`` samples; event: the shape of one."""
        self.key = (features, components, event, size, np.dtype(dtype))
        self.event, self.size = event, size
        self.moved = np.empty((*event, size), dtype)
        self.features = np.empty((features, size), dtype)
        self.joint = np.empty((components, size), dtype)
        self.floor = np.full((components, size), FLOOR[np.dtype(dtype).name], dtype)
        self.ones = np.ones(components, dtype)
        self.largest, self.scale, self.norm = (np.empty(size, dtype) for _ in range(3))
        self.product = np.empty((components, features), dtype)
