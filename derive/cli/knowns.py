"""The `--known` options: constants of a model from columns of the data, from files, or written out."""

import csv
import math
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.runtime.protocol import GeneratedModule, plates
from derive.runtime.read import read_array, read_column

if TYPE_CHECKING:
    from derive.models.changes import Change

Array = NDArray[np.floating[Any]]


def known_files(options: Sequence[str]) -> tuple[str, ...]:
    """The files that `--known NAME=FILE` options name."""
    return tuple(file for _, separator, file in (option.partition("=") for option in options) if separator and file)


def named_in_code(
    options: Sequence[str], module: GeneratedModule, spec: str, changes: "Sequence[Change]" = ()
) -> list[str]:
    """The options with the name in code, such as hours, in the place of a symbol's, such as t.

    spec, changes: the model. A name that is neither stays as it is.
    """
    if all(option.partition("=")[0] in module.KNOWNS for option in options):
        return list(options)
    from derive import api
    from derive.language.family import Role

    families = api.load(spec, changes).mixture.families
    codes = {family.name: family.code for family in families if family.role is Role.KNOWN}
    parts = [option.partition("=") for option in options]
    return [(name if name in module.KNOWNS else codes.get(name, name)) + sign + text for name, sign, text in parts]


def known_columns(options: Sequence[str], module: GeneratedModule, data: Path) -> dict[str, tuple[str, ...]]:
    """The `--known NAME=COLUMN,...` options, name to columns: known numbers of the rows that stand beside their data.

    A vector of each row takes as many columns as it has coordinates. Raises InputError for what is neither columns nor
    a file, and as ``read_knowns`` does.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name, text in split_options(options, module).items():
        shape = tuple(module.KNOWNS[name])
        if shape[:1] != plates(module)[:1] or len(shape) > 2 or (len(shape) == 2 and Path(text).is_file()):
            continue
        columns = (text,) if len(shape) == 1 else listed(text, f"--known {name}={text}")
        try:
            for column in columns:
                read_column(data, column)
        except InputError as error:
            if not Path(text).is_file():
                raise InputError(f"--known {name}={text} names no file, and no column: {error}") from error
        else:
            found[name] = columns
    return found


def beside_the_data(options: Sequence[str], module: GeneratedModule, data: Path) -> tuple[str, ...]:
    """The columns of the data that `--known` options take. Raises InputError as ``known_columns`` does."""
    return tuple(chain.from_iterable(known_columns(options, module, data).values()))


def read_knowns(options: Sequence[str], module: GeneratedModule, data: Path) -> dict[str, Array]:
    """The arrays of `--known NAME=COLUMN|FILE|NUMBER` options; columns are those of the data.

    Raises InputError for one that is spelled wrongly or given twice, or a cell of a column that is no number.
    """
    columns = known_columns(options, module, data)
    return {
        name: _of_rows(columns[name], len(module.KNOWNS[name]), data, f"--known {name}={text}")
        if name in columns
        else given_constant(text, f"--known {name}={text}", is_number=not module.KNOWNS[name])
        for name, text in split_options(options, module).items()
    }


def listed(text: str, option: str) -> tuple[str, ...]:
    """The columns of a list. Raises InputError for one that is spelled wrongly."""
    try:
        return tuple(part.strip() for part in next(csv.reader([text], skipinitialspace=True, strict=True)))
    except csv.Error as error:
        raise InputError(f"{option} cannot be read ({error})") from None


def _of_rows(columns: Sequence[str], dimensions: int, data: Path, option: str) -> Array:
    arrays = [_numbers(read_column(data, column), option) for column in columns]
    return arrays[0] if dimensions == 1 else np.column_stack(arrays)


def given_constant(text: str, option: str, *, is_number: bool) -> Array:
    """A file's array, or for a constant that is one number the number that the text is."""
    if not is_number or Path(text).exists():
        return read_array(Path(text))
    try:
        number = float(text)
    except ValueError:
        raise InputError(f"{option} names no file, and is no number") from None
    if not math.isfinite(number):
        raise InputError(f"{option}: a finite number is needed")
    return np.array(number)


def split_options(options: Sequence[str], module: GeneratedModule) -> dict[str, str]:
    """What each `--known NAME=...` option says. Raises InputError for one that says nothing, or twice."""
    found: dict[str, str] = {}
    for option in options:
        name, separator, text = option.partition("=")
        if not (separator and name and text):
            raise InputError(f"--known {option!r} should be NAME=COLUMN, NAME=FILE or NAME=NUMBER")
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
