"""What `--labels` and `--groups` say: a column of the data, or a file."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from derive.errors import InputError
from derive.runtime.dataset import DataSet
from derive.runtime.names import named_groups, numbered_labels
from derive.runtime.read import read_bytes, read_column, read_data, read_list
from derive.runtime.sources.opening import is_stored


@dataclass(frozen=True)
class Source:
    """Where the cells of an option are: a column of the data, by name or number, or a file of its own."""

    option: str
    text: str
    is_column: bool

    def cells(self, data: Path, rows: int) -> list[str]:
        """One text for each row, empty where it is missing."""
        return read_column(data, self.text) if self.is_column else read_list(Path(self.text), rows)


@dataclass(frozen=True)
class Known:
    """The data without the columns that serve another purpose, and what these say of the labels."""

    table: DataSet
    labels: list[int] | None
    groups: list[str] | None
    numbers: dict[str, int]


def source_of(option: str, text: str, data: Path) -> Source:
    """The column of this name or number, else the file. Raises InputError where there is neither."""
    try:
        read_column(data, text)
    except InputError as error:
        if Path(text).is_file():
            return Source(option, text, is_column=False)
        raise InputError(f"{option} {text!r} names no file, and no column: {error}") from error
    return Source(option, text, is_column=True)


def read_known(
    data: Path, columns: str | None, labels: str | None, groups: str | None, k: int, others: Collection[str] = ()
) -> Known:
    """Read the data, and the labels and groups of its rows.

    columns: as `--columns` spells them. k: the number of components. others: further columns that are no data.
    Raises InputError for what cannot be used.
    """
    if not is_stored(data):
        read_bytes(data)  # a file that is not there is said as such
    of_labels = None if labels is None else source_of("--labels", labels, data)
    of_groups = None if groups is None else source_of("--groups", groups, data)
    used = [source.text for source in (of_labels, of_groups) if source is not None and source.is_column]
    used += others
    table = read_data(data, columns, used)
    rows = len(table.values)
    numbers: dict[str, int] = {}
    known, names = None, None
    if of_labels is not None:
        known, found = numbered_labels(of_labels.cells(data, rows), k, f"--labels {of_labels.text}")
        numbers = dict(found)
    if of_groups is not None:
        names = named_groups(of_groups.cells(data, rows))
    return Known(table, known, names, numbers)


def check_online(*, online: bool, belong: Mapping[str, int | None], exclude: Mapping[str, str | None]) -> None:
    """Raise InputError where options contradict --online.

    belong: options that have a meaning with it only. exclude: those that have none with it.
    """
    for option, value in belong.items():
        if value is not None and not online:
            raise InputError(f"{option} belongs to online EM: add --online")
        if value is not None and value < 1:
            raise InputError(f"{option} must be 1 or more, not {value}")
    for option, given in exclude.items():
        if given is not None and online:
            raise InputError(f"{option} cannot be used with --online, whose statistics are those of ordinary EM")


def read_temperatures(text: str | None) -> tuple[float, ...] | None:
    """The numbers of `--temperatures`, separated by commas. Raises InputError for anything else."""
    if text is None:
        return None
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise InputError(f"--temperatures {text!r} should be numbers with commas between, as in 4,2,1") from None
