"""Packages that only some data need; without one, the error says what to install."""

import importlib
from typing import Any

from derive.errors import InputError


def needed(module: str, extra: str, what: str) -> Any:
    """Return a module of an optional package. extra: of this project that brings it. what: needs it, for the message.

    Raises InputError where it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        package = module.partition(".")[0]
        raise InputError(f"{what} need {package}; install it: pip install 'derive-em[{extra}]'") from error
