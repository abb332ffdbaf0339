"""A start without shares: where a little of every row makes all components alike, as the ends of supports are.

The end of a component's support holds every row of which it has a share, however small. From a start that spreads each
row over all components, all of them would reach to the same row, and EM could not tell them apart again.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.runtime.problem import Problem


def told_apart(problem: Problem, start: NDArray[Any]) -> NDArray[Any]:
    """Return the start, or its clusters as they are where only these make the components differ.

    start: responsibilities of the units, shape (G, K).
    """
    crisp = np.zeros_like(start)
    crisp[np.arange(len(start)), np.argmax(start, axis=1)] = 1
    alike = _alike(problem, start)
    return crisp if alike and not alike & _alike(problem, crisp, failed=alike) else start


def _alike(problem: Problem, start: NDArray[Any], failed: frozenset[str] = frozenset()) -> frozenset[str]:
    """Names of the parameters that an M-step makes exactly equal for all components; ``failed`` where it fails."""
    try:
        with np.errstate(all="ignore"):
            parameters = problem.m_step(start)
    except (ValueError, np.linalg.LinAlgError):
        return failed
    shapes = problem.module.PARAMETER_SHAPES
    fields = {name: np.asarray(getattr(parameters, name)) for name, shape in shapes.items() if shape[:1] == ("K",)}
    found = (name for name, value in fields.items() if len(value) > 1 and bool((value == value[:1]).all()))
    return frozenset(name for name in found if name != problem.module.WEIGHTS)
