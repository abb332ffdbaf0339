"""Checks: what 'derive verify' establishes about a model, its derivation and its generated code; hand-ins.

``check_function`` compares a function, in a notebook's cell, with what was derived. It is loaded when it is used, so
that parts of this package stay light.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derive.checking.implementations.in_process import check_function

__all__ = ["check_function"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever has that name
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("derive.checking.implementations.in_process"), name)
