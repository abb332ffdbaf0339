"""Choosing columns by name or number, as `--columns` spells them."""

import csv
import difflib
from collections.abc import Sequence

from derive.errors import InputError

_LISTED = 12  # names that a message lists before it stops


def choose(
    spec: str | None, names: Sequence[str] | None, width: int, source: str, without: Sequence[str] = ()
) -> list[int]:
    """Indices of the columns that spec names, in its order; all of them for None.

    spec: names or numbers from 1, separated by commas, a name with a comma in double quotes. A name goes before a
    number. without: columns that serve another purpose, such as labels, by name or number.
    Raises InputError for what is not there, is there twice, is asked for twice, or serves another purpose.
    """
    others = {find(part, names, width, source): part for part in without}
    if spec is None:
        left = [j for j in range(width) if j not in others]
        if not left:
            raise InputError(f"{source} has no column left for data besides {', '.join(map(repr, without))}")
        return left
    try:
        wanted = [part.strip() for part in next(csv.reader([spec], skipinitialspace=True, strict=True), [])]
    except csv.Error as error:
        raise InputError(f"--columns {spec!r} cannot be read ({error})") from None
    if not wanted or "" in wanted:
        raise InputError(f"--columns {spec!r} has an empty part; write names or numbers with commas between, as in 1,2")
    indices = [find(part, names, width, source) for part in wanted]
    for part, index in zip(wanted, indices, strict=True):
        if indices.count(index) > 1:
            raise InputError(f"--columns {spec!r} takes column {part!r} twice")
        if index in others:
            raise InputError(f"--columns {spec!r} takes column {others[index]!r}, which is no data here")
    return indices


def find(part: str, names: Sequence[str] | None, width: int, source: str) -> int:
    """The index of the column with this name or, where none has it, number from 1. Raises InputError for none."""
    held = [j for j, name in enumerate(names or ()) if name == part]
    if len(held) > 1:
        numbers = " or ".join(str(j + 1) for j in held)
        raise InputError(f"{source} has {len(held)} columns named {part!r}; choose one by its number: {numbers}")
    if held:
        return held[0]
    if part.isascii() and part.isdigit() and len(part) < 10:  # longer ones number no column
        number = int(part)
        if 1 <= number <= width:
            return number - 1
        raise InputError(f"{source} has no column {number}; its columns are numbered 1 to {width}")
    if names is None:
        raise InputError(f"{source} has no column names, so {part!r} names none; use numbers from 1 to {width}")
    near = difflib.get_close_matches(part, names, n=1)
    listed = ", ".join(repr(name) for name in names[:_LISTED]) + (", ..." if len(names) > _LISTED else "")
    hint = f"did you mean {near[0]!r}?" if near else f"there is {listed}"
    raise InputError(f"{source} has no column {part!r}; {hint}")
