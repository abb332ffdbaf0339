"""Maximisation of Q by SciPy, which knows nothing of the model but the value of Q."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from derive.checking.submitted.charts import Arrays, Atlas

ITERATIONS = 200
Array = NDArray[np.float64]


def maximum(Q: Callable[[Arrays], float], atlas: Atlas, starts: Iterable[Arrays]) -> tuple[Arrays | None, float]:
    """Return the best parameters found from the starts, and their Q; None and minus infinity where nothing is found.

    A step is measured in free coordinates of the domains, so that no constraint can be broken.
    """
    best, highest = None, -np.inf
    for start in starts:
        try:
            coordinates = atlas.coordinates(start)
        except np.linalg.LinAlgError:
            continue
        flat = np.concatenate(list(coordinates.values()))
        if not np.isfinite(flat).all():
            continue

        def cost(point: Array, like: Arrays = coordinates) -> float:
            value = Q(atlas.values(atlas.split(point, like)))
            return -value if np.isfinite(value) else 1e300

        with np.errstate(all="ignore"):
            found = minimize(cost, flat, method="BFGS", options={"gtol": 1e-8, "maxiter": ITERATIONS})
        if -found.fun > highest:
            best, highest = atlas.values(atlas.split(np.asarray(found.x), coordinates)), -float(found.fun)
    return best, highest
