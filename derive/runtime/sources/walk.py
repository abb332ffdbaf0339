"""Walks over a source: which of its columns are data, which are known constants of the rows, and what must hold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from derive.errors import InputError
from derive.runtime.dataset import as_events
from derive.runtime.protocol import Array, GeneratedModule, plates
from derive.runtime.shapes import check_knowns, sizes_of
from derive.runtime.sources.block import Block
from derive.runtime.sources.protocol import Source

_NUMBERS = 2**20  # of a block: 8 MiB, beside which the work of starting on a block is nothing


@dataclass(frozen=True)
class Walk:
    """The rows of a source as a module takes them.

    columns: those that are data, by their numbers from 0 or their names, all by default. of_rows: known constants by
    name that stand in columns of the source; a constant that is a vector takes several. knowns: the others, those of
    rows as arrays of as many rows as there are. k: the number of components. size: rows of a block, by default as many
    as fit 8 MiB.
    """

    module: GeneratedModule
    source: Source
    k: int
    columns: Sequence[int | str] | None = None
    of_rows: Mapping[str, Sequence[int]] = field(default_factory=dict)
    knowns: Mapping[str, Array] = field(default_factory=dict)
    size: int | None = None

    @property
    def chosen(self) -> list[int]:
        """The columns that are data, by number. Raises InputError for one that the source does not have."""
        if self.columns is None:
            return list(range(self.source.width))
        return [self._number(column) for column in self.columns]

    def _number(self, column: int | str) -> int:
        names, width = self.source.names or (), self.source.width
        if isinstance(column, str) and column in names:
            return names.index(column)
        if isinstance(column, str) or not 0 <= column < width:
            has = f"there is {', '.join(map(repr, names))}" if names else f"there are {width}, counted from 0"
            raise InputError(f"{self.name} has no column {column!r}; {has}")
        return int(column)

    @property
    def block_size(self) -> int:
        """Rows of a block."""
        width = len(self.chosen) + sum(map(len, self.of_rows.values()))
        return self.size or max(_NUMBERS // max(width, 1), 256)

    @property
    def name(self) -> str:
        """What messages call the data."""
        return self.source.name

    def __iter__(self) -> Iterator[Block]:
        """Blocks of checked events, with all known constants. Raises InputError for what the model cannot take."""
        data, letter = self.chosen, plates(self.module)[0]
        named = None if self.source.names is None else [self.source.names[j] for j in data]
        beside = [column for columns in self.of_rows.values() for column in columns]
        own = {name for name in self.knowns if letter in self.module.KNOWNS.get(name, ())}
        end = 0
        for t, table in enumerate(self.source.blocks([*data, *beside], self.block_size)):
            name = f"{self.name}, block {t + 1}"
            part, shape = table[:, : len(data)], self.module.EVENT_SHAPE
            events = as_events(part, shape, model=self.module.MODEL, source=name, columns=named)
            start, end = end, end + len(events)
            of_rows = {n: v[start:end] if n in own else v for n, v in self.knowns.items()}
            at = len(data)
            for known, columns in self.of_rows.items():
                part = table[:, at : at + len(columns)]
                of_rows[known] = part[:, 0] if len(self.module.KNOWNS[known]) == 1 else part
                at += len(columns)
            sizes = sizes_of(self.module, len(events), self.k, len(data))
            yield Block(events, check_knowns(self.module, of_rows, sizes))
        for known in own:
            if len(self.knowns[known]) != end:
                raise InputError(f"known constant {known!r} has {len(self.knowns[known])} rows, but {self.name} {end}")

    def parts(self, count: int) -> "list[Walk]":
        """Walks over consecutive rows. Raises InputError for a source that cannot be shared out."""
        letter = plates(self.module)[0]
        own = {name for name in self.knowns if letter in self.module.KNOWNS.get(name, ())}
        walks, end = [], 0
        for part in self.source.parts(count):
            start, end = end, end + (part.rows or 0)
            knowns = {name: v[start:end] if name in own else v for name, v in self.knowns.items()}
            walks.append(replace(self, source=part, knowns=knowns))
        return walks
