"""Labels and groups as they are spelled in files, to the numbers that a fit takes."""

from collections.abc import Mapping, Sequence

from derive.errors import InputError
from derive.runtime.latent import UNKNOWN


def numbered_labels(cells: Sequence[str], components: int, source: str) -> tuple[list[int], Mapping[str, int]]:
    """The component of each row from 0, -1 where the cell is empty or -1, and the numbers by name.

    Cells that are all integers are the numbers; else each distinct text is a name, numbered in alphabetical order.
    Raises InputError, naming the row or the source, for a number out of range or more names than components.
    """
    told = [cell for cell in cells if cell not in {"", str(UNKNOWN)}]
    if all(map(_is_number, told)):
        return [_integer(cell, row, source) if cell else UNKNOWN for row, cell in enumerate(cells)], {}
    names = sorted(set(told))
    if len(names) > components:
        raise InputError(
            f"{source} holds {len(names)} labels ({', '.join(names[:4])}{', ...' if len(names) > 4 else ''}) for "
            f"K = {components} components; use a larger -k"
        )
    numbers = {name: k for k, name in enumerate(names)}
    return [numbers.get(cell, UNKNOWN) for cell in cells], numbers


def named_groups(cells: Sequence[str]) -> list[str]:
    """A name for the group of each row; a row with an empty cell has a group of its own."""
    taken = set(cells)
    groups = []
    for row, cell in enumerate(cells):
        name = cell or f"row {row + 1}"
        while not cell and name in taken:
            name += "'"
        groups.append(name)
    return groups


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _integer(cell: str, row: int, source: str) -> int:
    """The integer that a number spells, also as 1.0."""
    value = float(cell)
    if not (value.is_integer() and abs(value) < 2**53):
        raise InputError(f"{source}, row {row + 1}: {cell} is no label; write a component from 0, or a name")
    return int(value)
