"""A submitted result against the right one: how far Q falls short, and which parameter is off.

Near its maximum Q is flat: an error of one part in a million in a parameter changes Q by one part in 10^12. So that it
is seen all the same, the difference of the two results is stretched until it can be measured, and the shortfall is
scaled back by the square of the factor.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np
from numpy.typing import NDArray

from derive.checking.submitted.blind import maximum
from derive.checking.submitted.charts import Atlas, Chart
from derive.checking.submitted.problem import Arrays, Problem

TOLERANCE = 1e-9  # of Q, relative to the largest of its value and one nat
PRECISION = 1e-9  # of parameters: the shortfall that an error of so many standard errors of one sample causes
_MEASURABLE = 1e-12  # change of Q, relative, that rounding cannot cause
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Off:
    """A parameter that is off: a right one in its place raises Q by ``gain`` nats.

    component: the one that gains most, None for a parameter that all components share. factor: submitted / right,
    where that is the same for all entries; else None.
    """

    parameter: str
    component: int | None
    gain: float
    factor: float | None


def atlas_of(problem: Problem, values: Mapping[str, Array]) -> Atlas:
    """Charts for parameters of these shapes."""
    families = problem.setting.families
    return Atlas(
        {name: Chart(families[name], value.shape, problem.given(name, value.shape)) for name, value in values.items()}
    )


def scale_of(value: float) -> float:
    """What differences of Q are measured by."""
    return max(1.0, abs(value))


def shortfall(problem: Problem, found: Arrays, right: Arrays) -> float:
    """Q(right) - Q(found) in nats, estimated by stretching where it is too small to be seen."""
    at = problem.Q(right)
    seen = at - problem.Q(found)
    if not abs(seen) <= TOLERANCE * scale_of(at):
        return seen
    atlas = atlas_of(problem, right)
    try:
        origin, end = atlas.coordinates(right), atlas.coordinates(found)
    except np.linalg.LinAlgError:
        return seen
    step = {name: _difference(end[name], origin[name]) for name in origin}
    return _stretched(problem, atlas, origin, step)


def _difference(end: Array, origin: Array) -> Array:
    """How far coordinates are apart; a weight that is zero in both has the same ones, minus infinity."""
    with np.errstate(invalid="ignore"):
        return np.where(end == origin, 0.0, end - origin)


def _stretched(problem: Problem, atlas: Atlas, origin: Arrays, step: Arrays) -> float:
    length = max((float(np.abs(part).max(initial=0.0)) for part in step.values()), default=0.0)
    if not 0 < length < np.inf:
        return 0.0
    at = problem.Q(atlas.values(origin))
    factor, fall = 1.0, 0.0
    while factor * length <= 0.5:
        factor *= 10.0
        ends = [{name: origin[name] + sign * factor * step[name] for name in origin} for sign in (1, -1)]
        falls = [at - problem.Q(atlas.values(end)) for end in ends]
        if not np.isfinite(falls).all():
            return 0.0
        fall = sum(falls) / 2
        if fall > 1e-7 * scale_of(at):
            break
    return fall / factor**2 if fall > _MEASURABLE * scale_of(at) else 0.0


def precise(problem: Problem, lack: float) -> bool:
    """Whether a shortfall is no more than what rounding of the parameters causes."""
    return bool(np.sqrt(max(lack, 0.0) / len(problem.X)) <= PRECISION)


def which_is_off(problem: Problem, found: Arrays, right: Arrays) -> tuple[Off, ...]:
    """Parameters whose replacement by the right one raises Q, the largest gain first."""
    atlas = atlas_of(problem, right)
    try:
        theirs, ours = atlas.coordinates(found), atlas.coordinates(right)
    except np.linalg.LinAlgError:
        return ()
    before = problem.Q(found)
    tiny = TOLERANCE * scale_of(problem.Q(right))
    visible = problem.Q(right) - before > tiny

    def gain(name: str, component: int | None) -> float:
        chosen = _mask(problem, name, theirs[name], component)
        if visible:
            changed = theirs | {name: np.where(chosen, ours[name], theirs[name])}
            return problem.Q(atlas.values(changed)) - before
        step = {other: np.zeros_like(value) for other, value in ours.items()}
        step[name] = np.where(chosen, _difference(theirs[name], ours[name]), 0.0)
        return _stretched(problem, atlas, ours, step)

    faults = []
    for name in ours:
        raised = gain(name, None)
        if raised > (tiny if visible else 0.0) and (visible or not precise(problem, raised)):
            component = max(_components(problem, name), key=lambda k, name=name: gain(name, k), default=None)  # type: ignore[misc]
            faults.append(Off(name, component, raised, _factor(found[name], right[name])))
    faults = faults or (list(_alone(problem, atlas, found, tiny)) if visible else [])
    return tuple(sorted(faults, key=lambda fault: -fault.gain))


def _alone(problem: Problem, atlas: Atlas, found: Arrays, least: float) -> Iterator[Off]:
    """Parameters of which another value alone raises Q: where right ones belong together, none can take its place."""
    before = problem.Q(found)
    for name, chart in atlas.charts.items():

        def value(changed: Arrays) -> float:
            return problem.Q(found | changed)

        best, highest = maximum(value, Atlas({name: chart}), [found])
        if best is not None and highest - before > least:
            yield Off(name, None, highest - before, None)


def reordered(problem: Problem, found: Arrays, right: Arrays) -> tuple[int, ...] | None:
    """The order of components in which the result is the right one, where there is such an order that is not theirs."""
    count = problem.responsibilities.shape[1]
    if count > 5 or problem.setting.regular[1]:
        return None
    plated = [name for name in right if any(True for _ in _components(problem, name))]
    for order in permutations(range(count)):
        mixed = {name: found[name][list(order)] if name in plated else found[name] for name in right}
        if order != tuple(range(count)) and all(np.allclose(mixed[n], right[n], rtol=1e-9, atol=0) for n in right):
            return order
    return None


def exchanged(found: Arrays, right: Arrays) -> tuple[str, str] | None:
    """Two parameters that stand in each other's place, as in a tuple that has not the model's order; else None."""
    for first, second in combinations(right, 2):
        mixed = found | {first: found[second], second: found[first]}
        same = [mixed[n].shape == right[n].shape and np.allclose(mixed[n], right[n], rtol=1e-6) for n in right]
        if all(same) and not np.allclose(found[first], found[second], rtol=1e-6):
            return first, second
    return None


def _components(problem: Problem, name: str) -> Iterator[int]:
    """Components that have a part of their own in a parameter."""
    plates, (base, more) = problem.setting.families[name].indices, problem.setting.regular
    if plates and plates[0].size.name in {problem.setting.plates[1], base}:
        yield from range(problem.responsibilities.shape[1] - (more if plates[0].size.name == base else 0))


def _mask(problem: Problem, name: str, coordinates: Array, component: int | None) -> NDArray[np.bool_]:
    """The coordinates that belong to a component, or all."""
    if component is None:
        return np.ones(coordinates.shape, dtype=bool)
    count = len(list(_components(problem, name)))
    return np.asarray(np.repeat(np.arange(count) == component, len(coordinates) // count))


def _factor(found: Array, right: Array) -> float | None:
    """The one number by which all entries are multiplied, if there is one; 1 is none."""
    nonzero = np.abs(right) > 1e-9 * np.abs(right).max(initial=0.0)
    if not nonzero.any():
        return None
    ratios = (found[nonzero] / right[nonzero]).ravel()
    same = np.allclose(ratios, ratios[0], rtol=1e-9, atol=0)
    return float(ratios[0]) if same and abs(ratios[0] - 1) > 1e-12 else None
