"""The generated module that a MODEL stands for, with its known constants."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.runtime.load import generated_names, load_generated
from derive.runtime.protocol import GeneratedModule
from derive.runtime.read import read_array


def module_of(spec: str) -> GeneratedModule:
    """The committed module of a catalogue model, which needs no algebra; any other model is derived and generated.

    Raises ModelError or InputError for a model that is none.
    """
    if spec in generated_names():
        return load_generated(spec)
    from derive import api

    module: GeneratedModule = api.load(spec).module()
    return module


def known_files(options: Sequence[str]) -> tuple[str, ...]:
    """The files that `--known NAME=FILE` options name."""
    return tuple(file for _, separator, file in (option.partition("=") for option in options) if separator and file)


def read_knowns(options: Sequence[str], module: GeneratedModule) -> dict[str, NDArray[np.floating[Any]]]:
    """The arrays of `--known NAME=FILE` options. Raises InputError for one that is spelled wrongly or given twice."""
    knowns: dict[str, NDArray[np.floating[Any]]] = {}
    for option in options:
        name, separator, file = option.partition("=")
        if not (separator and name and file):
            raise InputError(f"--known {option!r} should be NAME=FILE")
        if name in knowns:
            raise InputError(f"--known {name} is given twice")
        if name not in module.KNOWNS:
            has = ", ".join(module.KNOWNS) or "none"
            raise InputError(f"--known {name}: {module.MODEL} has no such known constant; it has {has}")
        knowns[name] = read_array(Path(file))
    return knowns
