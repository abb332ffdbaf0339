"""Newton's method for the maximum of concave functions, one for each component: as generated modules call it too."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]


def newton(
    value: Callable[[Array], Array], derivatives: Callable[[Array], tuple[Array, Array]], start: Array, name: str
) -> Array:
    """Where concave functions of positive numbers are largest: Newton's method, halved where it would not climb.

    value: of points, shape (..., M), their values, shape (...). derivatives: gradients (..., M), Hessians (..., M, M).
    Raises ValueError where a function has no maximum: it keeps rising as its point leaves all bounds.
    """
    point, best = start, value(start)
    precision = np.finfo(start.dtype).eps
    for _ in range(200):
        gradient, hessian = derivatives(point)
        with np.errstate(all="ignore"):
            step = -np.linalg.solve(hessian, gradient[..., np.newaxis])[..., 0]
        gain = (gradient * step).sum(axis=-1)  # twice what is left to climb, were the function quadratic
        if not (np.isfinite(point).all() and np.isfinite(step).all()):
            break
        if (gain <= 16 * precision * (1 + np.abs(best))).all():
            return np.where(point + step > 0, point + step, point)
        near = (np.abs(step) <= 1e-3 * point).all(axis=-1)  # what is left to climb may drown in the value's rounding
        size, halvings, climbs = np.ones(gain.shape, dtype=start.dtype), 0, near
        while not climbs.all() and halvings < 60:
            size, halvings = np.where(climbs | (halvings == 0), size, size / 2), halvings + 1
            moved = point + size[..., np.newaxis] * step
            inside = (moved > 0).all(axis=-1)
            reached = value(np.where(inside[..., np.newaxis], moved, point))
            climbs = near | inside & (reached >= best + 1e-4 * size * gain - 4 * precision * np.abs(best))
        point = np.where(climbs[..., np.newaxis], point + size[..., np.newaxis] * step, point)
        best = value(point)
    raise ValueError(f"{name} have no finite maximum: Q keeps rising as they grow; a prior on them would bound it")
