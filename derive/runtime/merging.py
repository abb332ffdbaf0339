"""Sufficient statistics of parts of the data: which modules have them, and how two become one."""

import inspect
from collections.abc import Mapping
from typing import Any

from derive.errors import InputError
from derive.runtime.protocol import Array, GeneratedModule, StreamedModule


def merged(module: StreamedModule, a: Any, b: Any, knowns: Mapping[str, Array]) -> Any:
    """The statistics of the rows of both, with those of the known constants that merging takes."""
    accepted = inspect.signature(module.merge).parameters
    return module.merge(a, b, **{name: value for name, value in knowns.items() if name in accepted})


def check_streamed(module: GeneratedModule, how: str = "online") -> StreamedModule:
    """The module as one with sufficient statistics. Raises InputError, with the reason, for one without.

    how: what it is to be fitted by, for the message.
    """
    if all(hasattr(module, name) for name in ("statistics", "merge", "update")):
        streamed: Any = module
        return streamed  # type: ignore[no-any-return]
    raise InputError(
        f"{module.MODEL} has no sufficient statistics, so it cannot be fitted {how}: its log density is not a sum of "
        "products of functions of the parameters and functions of the data; fit all rows at once"
    )
