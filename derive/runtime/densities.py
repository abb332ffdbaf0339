"""Log densities where a model has them, and its known constants for some of its rows or one of its components."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.runtime.protocol import Array, GeneratedModule, plates


def log_joint_inside(
    module: GeneratedModule, X: NDArray[Any], parameters: Any, knowns: Mapping[str, Array]
) -> NDArray[np.float64]:
    """The log joint, shape (N, K), with NaN for rows that the model refuses as outside of its support.

    Raises LinAlgError for parameters outside of their domain.
    """
    try:
        return np.asarray(module.log_joint(X, parameters, **knowns), dtype=np.float64)
    except np.linalg.LinAlgError:
        raise
    except ValueError:
        if len(X) == 1:
            return np.full((1, 1), np.nan)
    half = len(X) // 2
    parts = [
        log_joint_inside(module, X[rows], parameters, taken(module, knowns, rows))
        for rows in (slice(half), slice(half, None))
    ]
    width = max(part.shape[1] for part in parts)
    return np.concatenate([np.broadcast_to(part, (len(part), width)) for part in parts])


def taken(
    module: GeneratedModule, knowns: Mapping[str, Array], chosen: slice | NDArray[np.intp], letter: str | None = None
) -> dict[str, Array]:
    """Known constants for some of the rows, or of what has another letter; those that all share stay."""
    found, letter = {}, letter or plates(module)[0]
    for name, value in knowns.items():
        shape = module.KNOWNS[name]
        at = tuple(chosen if size == letter else slice(None) for size in shape)
        found[name] = value[at] if letter in shape else value
    return found


def is_known_by_row(module: GeneratedModule) -> bool:
    """Whether a row's density depends on what is known of that row, such as its exposure."""
    return any(plates(module)[0] in shape for shape in module.KNOWNS.values())


def shared(module: GeneratedModule, knowns: Mapping[str, Array]) -> dict[str, Array]:
    """The known constants that are not those of each row."""
    return {name: value for name, value in knowns.items() if plates(module)[0] not in module.KNOWNS[name]}
