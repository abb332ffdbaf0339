"""Reference root finder of the interpreter: signs on a grid over all orders of magnitude, then bisection."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
ORDERS, BISECTIONS = 60, 64


def find_root(slope: Callable[[Array], Array], size: int, ends: tuple[int | None, int | None]) -> Array:
    """Return the root of a falling function of ``size`` independent entries; NaN where no sign changes."""
    grid = _grid(ends)
    with np.errstate(all="ignore"):
        signs = np.array([np.sign(np.broadcast_to(slope(np.full(size, point)), (size,))) for point in grid])
        # Where the value overflows, the sign of the nearest point that has one stands in for it.
        first = np.array([_first_fall(column) for column in signs.T])
        low, high = grid[np.maximum(first - 1, 0)], grid[np.maximum(first, 0)]
        for _ in range(BISECTIONS):
            middle = np.where(
                (low > 0) & (high / np.where(low > 0, low, 1) > 4), np.sqrt(np.abs(low * high)), (low + high) / 2
            )
            above = np.broadcast_to(slope(middle), (size,)) > 0
            low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.where(first > 0, (low + high) / 2, np.nan)


def _grid(ends: tuple[int | None, int | None]) -> Array:
    powers = 2.0 ** np.arange(-ORDERS, ORDERS + 1, 3)
    if ends == (0, None):
        return powers
    if ends == (0, 1):
        return np.concatenate([powers[powers <= 0.5], 1 - powers[powers < 0.5][::-1]])
    return np.concatenate([-powers[::-1], [0.0], powers])


def _first_fall(signs: Array) -> int:
    """The first place with a minus right after a plus, 0 where there is none."""
    seen = np.flatnonzero((signs[:-1] > 0) & (signs[1:] <= 0))
    return int(seen[0]) + 1 if len(seen) else 0
