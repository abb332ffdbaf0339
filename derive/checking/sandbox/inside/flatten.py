"""Whatever a function returned, as plain arrays of floats with labels. It runs in the process of the function."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_DEEPEST = 4
_MOST = 64  # arrays
_LARGEST = 1 << 20  # numbers in all of them

# taken before submitted code runs, which may put others in their places
_asarray, _float64, _kinds = np.asarray, np.float64, frozenset("fiub")


class NoResultError(Exception):
    """What was returned cannot be read as arrays; the message completes "it returns ..."."""


def flatten(result: Any) -> list[tuple[str, Array]]:  # noqa: ANN401 - whatever was returned
    """Labels and arrays: keys of mappings, names of fields and attributes, "" for members of tuples.

    Raises NoResultError; what a hostile object raises passes.
    """
    found = list(_parts("", result, 0))
    if not found:
        raise NoResultError("nothing that is a number or an array")
    if len(found) > _MOST:
        raise NoResultError(f"{len(found)} arrays")
    if sum(array.size for _, array in found) > _LARGEST:
        raise NoResultError("arrays of more than a million numbers")
    return found


def _parts(label: str, value: Any, depth: int) -> Iterator[tuple[str, Array]]:  # noqa: ANN401, C901, PLR0912
    if value is None or isinstance(value, str | bytes):
        return
    if depth > _DEEPEST:
        raise NoResultError("containers in containers, too deep to be read")
    if isinstance(value, Mapping):
        for key in list(value)[: _MOST + 1]:
            yield from _parts(str(key), value[key], depth + 1)
        return
    if isinstance(value, list | tuple) and len(value) and all(isinstance(part, Mapping) for part in value):
        for key in list(value[0])[: _MOST + 1]:  # a mapping for each component
            yield str(key), _plain([part[key] for part in value])
        return
    fields = getattr(type(value), "_fields", None)
    if isinstance(value, tuple) and isinstance(fields, tuple):
        for name in fields[: _MOST + 1]:
            yield from _parts(str(name), getattr(value, name), depth + 1)
        return
    if isinstance(value, tuple) or (isinstance(value, list) and not _is_array(value)):
        for part in value[: _MOST + 1]:
            yield from _parts(label, part, depth + 1)
        return
    names = _attributes(value)
    for name in names[: _MOST + 1]:
        part = getattr(value, name)
        if not callable(part):
            yield from _parts(name, part, depth + 1)
    if not names:
        yield label, _plain(value)


def _attributes(value: Any) -> list[str]:  # noqa: ANN401
    """Of an object that is no array and no number, but holds some."""
    if isinstance(value, np.ndarray | np.generic | int | float | complex | list) or hasattr(value, "__array__"):
        return []
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [field.name for field in dataclasses.fields(value)]
    return list(map(str, vars(value))) if hasattr(value, "__dict__") else []


def _is_array(value: list[Any]) -> bool:
    try:
        return _asarray(value).dtype.kind in _kinds
    except (ValueError, TypeError):
        return False


def _plain(value: Any) -> Array:  # noqa: ANN401
    array = _asarray(value)
    if array.dtype.kind not in _kinds:
        what = "complex numbers" if array.dtype.kind == "c" else f"a {type(value).__name__} that holds no numbers"
        raise NoResultError(what)
    if array.size > _LARGEST:
        raise NoResultError(f"an array of {array.size} numbers")
    return _asarray(array, dtype=_float64)
