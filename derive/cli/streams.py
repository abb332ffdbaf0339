"""Files that `fit` reads block by block: those that ask for it, and those that are large."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from derive.cli.knowns import beside_the_data, given_constant, listed, read_knowns, split_options
from derive.cli.latent import read_known
from derive.errors import InputError
from derive.runtime.columns import choose, find
from derive.runtime.dataset import DataSet, column_labels
from derive.runtime.protocol import GeneratedModule, plates
from derive.runtime.sources import open_source
from derive.runtime.sources.opening import is_stored
from derive.runtime.sources.walk import Walk

LARGE = 2**26  # bytes of numbers; above it an array of responsibilities is felt


@dataclass(frozen=True)
class Stream:
    """The rows of a file, and what tables say of them. shape: of the data."""

    walk: Walk
    columns: tuple[str, ...]
    shape: tuple[int, int]
    source: str

    @classmethod
    def of(cls, module: GeneratedModule, data: Path, k: int, columns: str | None, known: Sequence[str]) -> "Stream":
        """The columns of a file that are data, and those that `--known NAME=COLUMN` options name.

        Raises InputError for what is not there.
        """
        source = open_source(data)
        of_rows: dict[str, list[int]] = {}
        knowns: dict[str, Any] = {}
        used: list[str] = []
        for name, text in split_options(known, module).items():
            option = f"--known {name}={text}"
            if module.KNOWNS[name][:1] != plates(module)[:1] or Path(text).is_file():
                knowns[name] = given_constant(text, option, is_number=not module.KNOWNS[name])
                continue
            parts = (text,) if len(module.KNOWNS[name]) == 1 else listed(text, option)
            of_rows[name] = [find(part, source.names, source.width, source.name) for part in parts]
            used += parts
        chosen = choose(columns, source.names, source.width, source.name, used)
        labels = column_labels(source.names, source.width)
        walk = Walk(module, source, k, chosen, of_rows, knowns)
        names = tuple(labels[column] for column in chosen)
        return cls(walk, names, (source.rows or 0, len(chosen)), source.name)


@dataclass(frozen=True)
class Latent:
    """What `--labels` and `--groups` say."""

    labels: str | None
    groups: str | None


@dataclass(frozen=True)
class Given:
    """What is fitted, held or to be walked. latent: labels and groups. numbers: of the labels that have names."""

    table: DataSet | Stream
    rows: Any
    knowns: Mapping[str, Any] | None
    latent: Mapping[str, Any]
    numbers: Mapping[str, int]


def read_rows(
    module: GeneratedModule,
    data: Path,
    k: int,
    columns: str | None,
    known: Sequence[str],
    latent: Latent,
    needing_all: Mapping[str, Any],
    *,
    stream: bool,
    online: bool,
) -> Given:
    """Read the data and what is known of its rows, or find out how to walk it.

    needing_all: options that need all rows at once. stream: whether it was asked for. online: whether rows are better
    taken in random order. Raises InputError for data or options that cannot be used.
    """
    if stream:
        check_streamable(data, needing_all)
    if stream or (not online and is_streamed(data, module, needing_all)):
        table = Stream.of(module, data, k, columns, known)
        return Given(table, table.walk, None, {}, {})
    observed = read_known(data, columns, latent.labels, latent.groups, k, beside_the_data(known, module, data))
    of_labels = {"labels": observed.labels, "groups": observed.groups}
    knowns = read_knowns(known, module, data)
    return Given(observed.table, observed.table.values, knowns, of_labels, observed.numbers)


def is_streamed(data: Path, module: GeneratedModule, needing_all: Mapping[str, Any]) -> bool:
    """Whether a file is large, and can be fitted block by block. needing_all: options that need all rows at once."""
    if (
        not is_stored(data)
        or not hasattr(module, "statistics")
        or any(value is not None for value in needing_all.values())
    ):
        return False
    source = open_source(data)
    return (source.rows or 0) * source.width * 8 > LARGE


def check_streamable(data: Path, needing_all: Mapping[str, Any]) -> None:
    """Raise InputError where `--stream` cannot be. needing_all: options that need all rows at once."""
    for option, value in needing_all.items():
        if value is not None:
            raise InputError(f"{option} cannot be used with --stream: it needs all rows at once")
    if not is_stored(data) and data.exists():
        raise InputError(f"{data} cannot be read block by block; --stream needs NPY, Parquet or Zarr")
