"""Labels and responsibilities of new data under fitted parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.runtime.collapse import one_component
from derive.runtime.dataset import as_events
from derive.runtime.letters import bind, coordinate
from derive.runtime.protocol import Array, GeneratedModule, plates, shared_plate
from derive.runtime.shapes import check_knowns

_SYMMETRY = 1e-4  # of the largest number: covariances written with five digits are still symmetric


@dataclass(frozen=True)
class Prediction:
    """labels: the most probable component of each row, from 0, shape (N,). responsibilities: shape (N, K)."""

    labels: NDArray[np.intp]
    responsibilities: NDArray[np.floating[Any]]


def predict(
    module: GeneratedModule,
    X: NDArray[Any],
    parameters: Any,
    *,
    knowns: Mapping[str, Array] | None = None,
    source: str = "X",
) -> Prediction:
    """Where each row of X, shape (N, D) or (N,) for scalar data, belongs.

    parameters: the module's named tuple. knowns: the model's known constants. source: X's name in messages.
    Raises InputError where X does not fit the parameters, a covariance is not positive definite, or a row is so far
    away that no component gives it a finite density.
    """
    events = as_events(X, module.EVENT_SHAPE, model=module.MODEL, source=source)
    sizes = {plates(module)[0]: len(events)}
    for (name, shape), value in zip(module.PARAMETER_SHAPES.items(), parameters, strict=True):
        bind(sizes, f"parameter {name!r}", shape, np.shape(value))
    width = events.size // len(events)
    letter = coordinate(module)
    if sizes.setdefault(letter, width) != width:
        counted = f"{width} column{'' if width == 1 else 's'}"
        raise InputError(
            f"{source} has {counted}, but the parameters were fitted to {letter} = {sizes[letter]}; "
            f"choose the same columns with --columns"
        )
    constants = check_knowns(module, knowns or {}, sizes)
    with np.errstate(all="ignore"):
        try:
            responsibilities = module.e_step(events, parameters, **constants)
        except np.linalg.LinAlgError as error:
            where = _first_indefinite(module, events, parameters, constants)
            raise InputError(f"{module.MODEL}: a covariance is not positive definite, {where} ({error})") from error
        except ValueError as error:
            raise InputError(f"parameters of {module.MODEL} cannot be used: {error}") from error
        check_symmetry(module, events, parameters, constants)
    lost = ~np.isfinite(responsibilities).all(axis=1)
    if lost.all():
        raise InputError(
            f"the parameters give no row of {source} a finite density: "
            f"a covariance is not positive definite, or a parameter lies outside its domain"
        )
    if lost.any():
        raise InputError(f"{source}, row {int(np.argmax(lost)) + 1}: no component gives it a finite density")
    return Prediction(np.argmax(responsibilities, axis=1), responsibilities)


def _first_indefinite(module: GeneratedModule, X: NDArray[Any], parameters: Any, knowns: Mapping[str, Array]) -> str:
    count = max(
        (
            len(v)
            for v, s in zip(parameters, module.PARAMETER_SHAPES.values(), strict=True)
            if s[:1] == shared_plate(module)[:1]
        )
    )
    for k in range(count):
        try:
            module.log_joint(X[:1], one_component(module, parameters, k), **knowns)
        except (np.linalg.LinAlgError, ValueError):
            return f"the first in component {k}"
    return "in no component alone"


def check_symmetry(module: GeneratedModule, X: NDArray[Any], parameters: Any, knowns: Mapping[str, Array]) -> None:
    """A matrix of whose upper half nothing depends must be symmetric: its halves may not contradict each other.

    Raises InputError where they do.
    """
    for i, (name, shape) in enumerate(module.PARAMETER_SHAPES.items()):
        value = np.asarray(parameters[i])
        if len(shape) < 2 or shape[-1] != shape[-2]:
            continue
        turned = np.swapaxes(value, -1, -2)
        if np.abs(value - turned).max(initial=0.0) <= _SYMMETRY * np.abs(value).max(initial=0.0):
            continue
        mirrored = np.tril(value) + np.swapaxes(np.tril(value, -1), -1, -2)
        changed = module.Parameters(*(mirrored if j == i else other for j, other in enumerate(parameters)))
        rows = X[:16]
        if np.array_equal(module.log_joint(rows, parameters, **knowns), module.log_joint(rows, changed, **knowns)):
            raise InputError(
                f"parameter {name!r} of {module.MODEL} is not symmetric; give both halves the same numbers"
            )
