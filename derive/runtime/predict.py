"""Labels and responsibilities of new data under fitted parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.runtime.dataset import as_events
from derive.runtime.protocol import Array, GeneratedModule
from derive.runtime.shapes import bind, check_knowns


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
    sizes = {"N": len(events)}
    for (name, shape), value in zip(module.PARAMETER_SHAPES.items(), parameters, strict=True):
        bind(sizes, f"parameter {name!r}", shape, np.shape(value))
    width = events.size // len(events)
    if sizes.setdefault("D", width) != width:
        counted = f"{width} column{'' if width == 1 else 's'}"
        raise InputError(
            f"{source} has {counted}, but the parameters were fitted to D = {sizes['D']}; "
            f"choose the same columns with --columns"
        )
    constants = check_knowns(module, knowns or {}, sizes)
    with np.errstate(all="ignore"):
        try:
            responsibilities = module.e_step(events, parameters, **constants)
        except np.linalg.LinAlgError as error:
            raise InputError(f"{module.MODEL}: a covariance is not positive definite ({error})") from error
        except ValueError as error:
            raise InputError(f"parameters of {module.MODEL} cannot be used: {error}") from error
    lost = ~np.isfinite(responsibilities).all(axis=1)
    if lost.all():
        raise InputError(
            f"the parameters give no row of {source} a finite density: "
            f"a covariance is not positive definite, or a parameter lies outside its domain"
        )
    if lost.any():
        raise InputError(f"{source}, row {int(np.argmax(lost)) + 1}: no component gives it a finite density")
    return Prediction(np.argmax(responsibilities, axis=1), responsibilities)
