"""Sizes of a module's parameters and known constants, checked against each other and against the data."""

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np

from derive.errors import InputError
from derive.runtime.dataset import as_array, real
from derive.runtime.kernel.checks import check_module, check_names
from derive.runtime.letters import bind, coordinate, spell
from derive.runtime.protocol import Array, GeneratedModule, plates, shared_plate


def check_fit(module: GeneratedModule, k: int) -> None:
    """Raise InputError for what is no generated module, and for a K that is no number of components."""
    check_module(module)
    if isinstance(k, bool) or not isinstance(k, int | np.integer):
        raise InputError(f"K must be a whole number, not {k!r}")
    if k < 1:
        raise InputError(f"K must be 1 or more, not {k}")


def sizes_of(module: GeneratedModule, rows: int, components: int, columns: int) -> dict[str, int]:
    """The sizes behind the letters of rows, components (those that share a density) and columns."""
    n, k = plates(module)
    shared, others = shared_plate(module)
    return {n: rows, shared: components, k: components + others, coordinate(module): columns}


def sizes_of_parameters(module: GeneratedModule, parameters: Any) -> dict[str, int]:
    """The sizes behind the letters of parameters' shapes. Raises InputError where they do not fit each other."""
    sizes: dict[str, int] = {}
    for (name, shape), value in zip(module.PARAMETER_SHAPES.items(), parameters, strict=True):
        bind(sizes, f"parameter {name!r}", shape, np.shape(value))
    return sizes


def check_knowns(module: GeneratedModule, knowns: Mapping[str, Array], sizes: dict[str, int]) -> dict[str, Array]:
    """The known constants of a model as arrays, their shapes bound into sizes.

    Raises InputError for one that is missing, unknown, not finite, or of a shape that does not fit.
    """
    check_names(module, knowns)  # first: what is missing may have been given under another name
    for name in module.KNOWNS:
        if name not in knowns:
            declared = tuple(module.KNOWNS[name])
            what = f", shape {spell(declared)}" if declared else ", a number"
            of_rows = declared[:1] == plates(module)[:1] and len(declared) < 3
            source = "NUMBER" if not declared else "COLUMN|FILE" if of_rows else "FILE"
            raise InputError(f"{module.MODEL} needs its known constant {name!r}{what}: --known {name}={source}")
    checked = {}
    for name, value in knowns.items():
        array = _fitted(_numbers(value, f"known constant {name!r}"), len(module.KNOWNS[name]))
        if not np.isfinite(array).all():
            raise InputError(f"known constant {name!r} holds NaN or infinity")
        bind(sizes, f"known constant {name!r}", module.KNOWNS[name], array.shape)
        checked[name] = array
    return checked


def count_parameters(module: GeneratedModule, sizes: Mapping[str, int], knowns: Mapping[str, Array]) -> int:
    """Free parameters of a model at these sizes; sizes and known constants are given where its function takes them."""
    accepted = inspect.signature(module.n_parameters).parameters
    _, columns, *others = accepted
    extra = {name: value for name, value in {**sizes, **knowns}.items() if name in others}
    return int(module.n_parameters(sizes[shared_plate(module)[0]], sizes.get(columns, 1), **extra))


def _numbers(value: Any, name: str) -> Array:
    """What is given as an array. Raises InputError where it holds something other than real numbers."""
    array = as_array(value, name)
    return array if array.dtype.kind in "biuf" else real(array, name)


def _fitted(array: Any, rank: int) -> Array:
    """A table of one column or row is a vector where a vector is declared; one number is a scalar."""
    if array.ndim == 2 and rank == 1 and 1 in array.shape:
        return np.asarray(array.ravel())
    if array.size == 1 and rank == 0:
        return np.asarray(array.reshape(()))
    return np.asarray(array)
