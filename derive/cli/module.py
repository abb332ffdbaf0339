"""The generated module that a MODEL stands for, with its known constants."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.runtime.load import generated_names, load_generated
from derive.runtime.protocol import GeneratedModule, plates
from derive.runtime.read import read_array, read_column

if TYPE_CHECKING:
    from derive.models.changes import Change

Array = NDArray[np.floating[Any]]


def module_of(spec: str, changes: "Sequence[Change]" = ()) -> GeneratedModule:
    """The committed module of a catalogue model, which needs no algebra; any other model is derived and generated.

    changes: what to make of the model first. Raises ModelError or InputError for a model that is none.
    """
    if spec in generated_names() and not changes:
        return load_generated(spec)
    from derive import api

    module: GeneratedModule = api.load(spec, changes).module()
    return module


def known_files(options: Sequence[str]) -> tuple[str, ...]:
    """The files that `--known NAME=FILE` options name."""
    return tuple(file for _, separator, file in (option.partition("=") for option in options) if separator and file)


def known_columns(options: Sequence[str], module: GeneratedModule, data: Path) -> dict[str, str]:
    """The `--known NAME=COLUMN` options, name to column: known numbers of the rows that stand beside their data.

    Raises InputError for what is neither a column nor a file, and as ``read_knowns`` does.
    """
    found: dict[str, str] = {}
    for name, text in _split(options, module).items():
        if tuple(module.KNOWNS[name]) != plates(module)[:1]:
            continue
        try:
            read_column(data, text)
        except InputError as error:
            if not Path(text).is_file():
                raise InputError(f"--known {name}={text} names no file, and no column: {error}") from error
        else:
            found[name] = text
    return found


def read_knowns(options: Sequence[str], module: GeneratedModule, data: Path) -> dict[str, Array]:
    """The arrays of `--known NAME=COLUMN|FILE` options; columns are those of the data.

    Raises InputError for one that is spelled wrongly or given twice, or a cell of a column that is no number.
    """
    columns = known_columns(options, module, data)
    return {
        name: _numbers(read_column(data, columns[name]), f"--known {name}={text}")
        if name in columns
        else read_array(Path(text))
        for name, text in _split(options, module).items()
    }


def _split(options: Sequence[str], module: GeneratedModule) -> dict[str, str]:
    found: dict[str, str] = {}
    for option in options:
        name, separator, text = option.partition("=")
        if not (separator and name and text):
            raise InputError(f"--known {option!r} should be NAME=FILE or NAME=COLUMN")
        if name in found:
            raise InputError(f"--known {name} is given twice")
        if name not in module.KNOWNS:
            has = ", ".join(module.KNOWNS) or "none"
            raise InputError(f"--known {name}: {module.MODEL} has no such known constant; it has {has}")
        found[name] = text
    return found


def _numbers(cells: Sequence[str], option: str) -> Array:
    values = []
    for row, cell in enumerate(cells, start=1):
        try:
            values.append(float(cell))
        except ValueError:
            raise InputError(f"{option}: row {row} holds {cell!r}, which is no number") from None
    array = np.array(values)
    if not np.isfinite(array).all():
        row = int(np.argmin(np.isfinite(array))) + 1
        raise InputError(f"{option}: row {row} holds NaN or infinity")
    return array
