"""Data that a model cannot describe at all: found by fitting one component, explained by columns."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.runtime.collapse import is_singular
from derive.runtime.densities import is_known_by_row
from derive.runtime.initialisation import standardise
from derive.runtime.protocol import Array, GeneratedModule

_DEPENDENT = 1e-6  # relative size of what is left of a column after regression on the others, squared: 1e-12
_SIMPLER = "drop it with --columns, or use a model with fewer parameters (of Gaussians, simpler covariances)"


def check_describable(
    module: GeneratedModule, X: NDArray[Any], k: int, columns: Sequence[str], knowns: Mapping[str, Array]
) -> str | None:
    """Raise InputError if one component of the model, fitted to all rows, is singular, and no mixture can do better.

    X: events as the module takes them. k: number of components. columns: labels for messages.
    Returns what to say where a mixture of several components fails, if one of a single component does: narrow clusters
    far apart are singular only as long as they are taken together.
    """
    _check_scale(X, columns)
    with np.errstate(all="ignore"):
        try:
            everything = np.full((len(X), k), 1 / k, dtype=X.dtype)  # components that are all alike: as good as one
            singular = is_singular(module, X, module.m_step(X, everything, **knowns), knowns)
        except np.linalg.LinAlgError:
            singular = True
        except ValueError as error:
            raise InputError(f"{module.MODEL} cannot be fitted to these data: {error}") from error
    if not singular or is_known_by_row(module):
        return None
    reason = _certain_reason(X, columns)
    if reason or k == 1:
        raise InputError(f"{module.MODEL} cannot describe these data: {reason or _dependent(standardise(X), columns)}")
    return f"{module.MODEL} cannot describe these data: {_dependent(standardise(X), columns)}"


def _check_scale(X: NDArray[Any], columns: Sequence[str]) -> None:
    """Squares of the deviations must neither overflow nor vanish."""
    table = X.reshape(len(X), -1)
    limits = np.finfo(X.dtype)
    with np.errstate(all="ignore"):
        largest = np.abs(table).max(axis=0)
        deviation = np.abs(table - table.mean(axis=0)).max(axis=0)
    for j, label in enumerate(columns):
        if largest[j] > np.sqrt(limits.max / (len(X) * table.shape[1])):
            size = f"{largest[j]:.3g}"
            raise InputError(f"column {label!r} holds values as large as {size}: their squares overflow; rescale it")
        if np.ptp(table[:, j]) > 0 and deviation[j] < np.sqrt(limits.tiny / limits.eps):
            raise InputError(f"column {label!r} varies by {deviation[j]:.3g} only: its squares vanish; rescale it")


def _certain_reason(X: NDArray[Any], columns: Sequence[str]) -> str | None:
    """What no number of components changes."""
    table = X.reshape(len(X), -1)
    rows, width = table.shape
    if rows == 1:
        return "there is one row only, and a single point has no spread; give more rows"
    constant = np.flatnonzero(np.ptp(table, axis=0) == 0).tolist()
    if len(constant) == 1:
        value = table[0, constant[0]]
        return f"column {columns[constant[0]]!r} is constant (all {value:.6g}); {_SIMPLER}"
    if len(constant):
        labels = ", ".join(repr(columns[j]) for j in constant)
        return f"columns {labels} are constant; {_SIMPLER.replace('it', 'them', 1)}"
    if rows <= width:
        return (
            f"{rows} rows are too few for {width} columns, at least {width + 1} are needed; "
            f"choose fewer columns with --columns, or use a model with simpler covariances"
        )
    return None


def _dependent(Z: NDArray[np.float64], columns: Sequence[str]) -> str:
    """The first column that is a linear combination of those before it."""
    for j in range(1, Z.shape[1]):
        coefficients, *_ = np.linalg.lstsq(Z[:, :j], Z[:, j], rcond=None)
        rest = Z[:, j] - Z[:, :j] @ coefficients
        if np.abs(rest).max() < _DEPENDENT:
            used = np.flatnonzero(np.abs(coefficients) > _DEPENDENT).tolist()
            others = ", ".join(repr(columns[i]) for i in used)
            return f"column {columns[j]!r} follows from {others} (linearly dependent); {_SIMPLER}"
    return "their spread vanishes in some direction; choose fewer columns with --columns, or use a simpler model"
