"""Recognising a component that lost its points or collapsed on a few, from the model's own log density alone.

No model is known by name here. A density that is unbounded shows itself by its curvature: where a step away from a
component's best point costs more than one nat, although it is a tiny fraction of the spread of the component's own
points, or lost in their rounding, the component has no width left in that direction. Its own points, for a component
that is narrow beside the whole data need not have collapsed.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.runtime.densities import log_joint_inside, taken
from derive.runtime.protocol import Array, GeneratedModule, plates, shared_plate

ADVICE = "use fewer components (-k), another --seed, a larger --n-init, or a model with fewer parameters (as by --tie)"
_LOST = 1e-6  # a component whose responsibilities sum to less has no points
_HELD = 0.05  # a row belongs to a component's points if its responsibility is this share of the largest
_STEP = 5.0  # in units of the square root of the machine precision, of the spread of the component's points
_ROUNDING = 64.0  # in units of the machine precision, of the numbers themselves
_DIRECTIONS = 128  # probed at most, so that wide tables take no room of D x D


def troubled_component(
    module: GeneratedModule,
    X: NDArray[Any],
    parameters: Any,
    responsibilities: NDArray[Any],
    knowns: Mapping[str, Array],
    *,
    counts: NDArray[Any] | None = None,
    places: NDArray[Any] | None = None,
) -> str | None:
    """The first component that lost its points or collapsed, in words; None if all are well.

    X: events as the module takes them. parameters: those to judge. responsibilities: (N, K), those that led to them.
    counts, places: where these rows are only some of the data, the sums of responsibilities over all rows, shape (K,),
    and the number from 0 of each of these.
    """
    counts = responsibilities.sum(axis=0) if counts is None else counts
    letter, others = shared_plate(module)
    shared = range(len(counts) - others)  # one of the others may have no points: it has nothing to estimate
    for k in shared:
        if not counts[k] > _LOST:
            return f"component {k} has no points left: its responsibilities sum to {counts[k]:.1g}"
    for k in shared:
        own = taken(module, knowns, slice(k, k + 1), letter)
        if is_singular(module, X, one_component(module, parameters, k), own, responsibilities[:, k]):
            return _collapsed(k, X, responsibilities[:, k], places)
    return None


def one_component(module: GeneratedModule, parameters: Any, k: int) -> Any:
    """The parameters of a mixture of component k alone, but for those that have densities of their own.

    What the components share stays.
    """
    fields = zip(module.PARAMETER_SHAPES.items(), parameters, strict=True)
    letter, others = shared_plate(module)
    first: dict[tuple[str | int, ...], list[int]] = {(letter,): [k], plates(module)[1:]: [k, *range(-others, 0)]}
    parts = {name: value[first[shape[:1]]] if shape[:1] in first else value for (name, shape), value in fields}
    return module.Parameters(**parts)


def is_singular(
    module: GeneratedModule,
    X: NDArray[Any],
    parameters: Any,
    knowns: Mapping[str, Array],
    responsibilities: NDArray[Any] | None = None,
) -> bool:
    """Whether a mixture of one component has no width in some direction, or no finite density at all.

    responsibilities: (N,), the component's for each row; those of a component that has all rows by default.
    """
    with np.errstate(all="ignore"):
        try:
            at_data = module.log_joint(X, parameters, **knowns)[:, 0]
            if np.isnan(at_data).any() or not np.isfinite(at_data).any() or np.isposinf(at_data).any():
                return True
            best = int(np.argmax(at_data))
            probes = _probes(X, best, responsibilities)
            here = taken(module, knowns, np.full(len(probes), best))
            log_density = log_joint_inside(module, probes, parameters, here)[:, 0]
        except (np.linalg.LinAlgError, ValueError):
            return True
        steps = (len(probes) - 1) // 2
        ahead, behind = log_density[1 : steps + 1], log_density[steps + 1 :]
        change = ahead + behind - 2 * log_density[0]
        # At the border of the support, or where it is made of whole numbers, a fall is not that of a narrow peak.
        edge = np.isneginf(ahead) != np.isneginf(behind)
        return bool(((change < -1) & ~edge).any())


def _probes(X: NDArray[Any], best: int, responsibilities: NDArray[Any] | None) -> NDArray[Any]:
    """The best row, then a tiny step ahead and a tiny step back in each column.

    Of a wide table several columns step at once, by unequal parts, so that no direction is left out.
    """
    table = X.reshape(len(X), -1)
    width = table.shape[1]
    point = table[best]
    steps = _steps(table, point, responsibilities)
    groups = np.arange(width) % _DIRECTIONS
    if width > _DIRECTIONS:
        steps = steps * (0.5 + 0.5 * np.modf(np.arange(width) * np.sqrt(2))[0])
    step = np.zeros((min(width, _DIRECTIONS), width))
    step[groups, np.arange(width)] = steps
    probes = np.concatenate([point[None], point + step, point - step]).astype(X.dtype)
    return probes[:, 0] if X.ndim == 1 else probes


def _steps(table: NDArray[Any], point: NDArray[Any], responsibilities: NDArray[Any] | None) -> NDArray[np.float64]:
    """The length of a step in each column, shape (D,)."""
    precision = np.finfo(table.dtype).eps
    spread = table.std(axis=0, dtype=np.float64)
    spread[np.ptp(table, axis=0) == 0] = 0
    spread[spread == 0] = spread.max() if spread.max() > 0 else 1
    own = spread
    if responsibilities is not None:
        share = np.asarray(responsibilities, dtype=np.float64) / responsibilities.sum()
        own = np.sqrt(share @ np.square(table - share @ table))
    rounding = _ROUNDING * precision * np.maximum(np.abs(point), spread)
    return np.asarray(np.maximum(_STEP * np.sqrt(precision) * own, rounding), dtype=np.float64)


def _collapsed(k: int, X: NDArray[Any], responsibilities: NDArray[Any], places: NDArray[Any] | None) -> str:
    held = np.flatnonzero(responsibilities >= _HELD * responsibilities.max())
    distinct = len(np.unique(X[held], axis=0))
    if places is not None:  # what these rows are some of is not counted
        row = int(places[held].min()) + 1
        if distinct == 1:
            return f"component {k} collapsed on one point (row {row})"
        return f"component {k} collapsed: its points have no spread in some direction (one of them is row {row})"
    if distinct == 1:
        times = f", which the data hold {len(held)} times" if len(held) > 1 else ""
        return f"component {k} collapsed on one point (row {held[0] + 1}{times})"
    return (
        f"component {k} collapsed: its {distinct} distinct points have no spread in some direction "
        f"(the first is row {held[0] + 1})"
    )
