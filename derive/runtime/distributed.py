"""EM on dask.distributed: a task a partition, statistics merged in a tree, parameters sent to all.

A worker's death is survived by the scheduler, which runs again what was lost with it. The tree's shape does not depend
on who computes what, so results repeat bit for bit.
"""

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from derive.errors import InputError
from derive.runtime.densities import shared
from derive.runtime.engine import Local
from derive.runtime.load import load_source
from derive.runtime.merging import check_streamed, merged
from derive.runtime.protocol import Array, GeneratedModule, StreamedModule
from derive.runtime.sources.opening import as_source
from derive.runtime.sources.optional import needed
from derive.runtime.sources.protocol import Source
from derive.runtime.sources.sample import Sample
from derive.runtime.sources.walk import Walk
from derive.runtime.sources.witnesses import Witnesses

Fields = tuple[Any, ...]


@dataclass(frozen=True)
class Sent:
    """A module and the known constants that all rows share, as plain data: the worker makes the module of its text."""

    text: str
    model: str
    knowns: Mapping[str, Array]

    @property
    def module(self) -> StreamedModule:
        """The module, made once a process."""
        return check_streamed(_module_of(self.text, self.model), "block by block")


@dataclass(frozen=True)
class Partition:
    """What a worker needs to know to walk its rows. begin: the number of the first. The others: see `Walk`."""

    sent: Sent
    source: Source
    begin: int
    k: int
    columns: tuple[int, ...]
    of_rows: Mapping[str, tuple[int, ...]]
    knowns: Mapping[str, Array]
    size: int

    @property
    def local(self) -> Local:
        """The rows, walked where this is called; in one thread, for a worker runs as many tasks as it has threads."""
        walk = Walk(self.sent.module, self.source, self.k, self.columns, self.of_rows, self.knowns, self.size)
        return Local(walk, threads=1, begin=self.begin)


@dataclass(frozen=True)
class Distributed:
    """All rows, computed by a cluster. client: of dask.distributed. kept: a future of each partition, in order."""

    walk: Walk
    client: Any
    sent: Sent
    kept: tuple[Any, ...]

    @property
    def way(self) -> str:
        """The partitions and the size of a block."""
        return f"{len(self.kept)} partitions in blocks of {self.walk.block_size} rows"

    def sample(self, size: int, seed: int) -> Sample:
        """At most so many rows at random, the same ones that a walk in one process draws."""
        found: Sample = self._reduced(_sample, _sampled, (size, seed))
        return found

    def statistics(self, parameters: Any) -> Any:
        """The sufficient statistics of all rows, merged in a tree. Raises as the module's own functions do."""
        return _statistics_of(self.walk.module, self._reduced(_statistics, _merged, tuple(parameters)))

    def witnesses(self, parameters: Any) -> Witnesses:
        """The rows that show what became of each component. Raises as the module's own functions do."""
        found: Witnesses = self._reduced(_witnesses, _joined, tuple(parameters))
        return found

    def _reduced(self, of_partition: Callable[..., Any], of_two: Callable[..., Any], argument: Fields) -> Any:
        """What is found in each partition, made one: neighbours first, then neighbouring pairs, and so on."""
        everywhere = self.client.submit(_kept, argument, pure=False)
        level = [self.client.submit(of_partition, one, everywhere, pure=False) for one in self.kept]
        while len(level) > 1:
            pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
            level = [
                self.client.submit(of_two, self.sent, everywhere, *pair, pure=False) if len(pair) == 2 else pair[0]
                for pair in pairs
            ]
        return level[0].result()


def distributed(
    client: Any,
    module: GeneratedModule,
    data: Any,
    k: int,
    *,
    partitions: int | None = None,
    knowns: Mapping[str, Array] | None = None,
) -> Distributed:
    """The rows of a source as what `fit` takes, shared out over the workers of a cluster.

    client: a `dask.distributed.Client`. data: what `as_source` takes, or a `Walk`; files have to be where the workers
    can read them. k: the number of components. partitions: by default one a thread of the cluster; of Parquet files at
    most as many as there are row groups. knowns: the model's known constants.
    Raises InputError for a model without sufficient statistics, for data that cannot be shared out, and where
    dask.distributed is not installed.
    """
    needed("distributed", "dask", "distributed fits")
    if not hasattr(client, "submit") or not hasattr(client, "nthreads"):
        raise InputError(f"client should be a dask.distributed.Client, not of type {type(client).__name__}")
    check_streamed(module, "on a cluster")
    walk = data if isinstance(data, Walk) else Walk(module, as_source(data), k, knowns=knowns or {})
    count = partitions or max(sum(client.nthreads().values()), 1)
    if count < 1:
        raise InputError(f"the number of partitions must be 1 or more, not {count}")
    sent = Sent(_text_of(module), module.MODEL, shared(module, walk.knowns))
    size = walk.block_size
    begin, kept = 0, []
    for part in walk.parts(count):
        of_rows = {name: tuple(columns) for name, columns in part.of_rows.items()}
        partition = Partition(sent, part.source, begin, k, tuple(part.chosen), of_rows, part.knowns, size)
        kept.append(client.submit(_kept, partition, pure=False))
        begin += part.source.rows or 0
    return Distributed(replace(walk, size=size), client, sent, tuple(kept))


def _text_of(module: GeneratedModule) -> str:
    try:
        return inspect.getsource(module)  # type: ignore[arg-type]
    except (TypeError, OSError):
        raise InputError(f"the module of {module.MODEL} has no text that workers could be sent") from None


@functools.lru_cache(maxsize=16)
def _module_of(text: str, model: str) -> GeneratedModule:
    return load_source(text, model)


def _statistics_of(module: Any, fields: Fields) -> Any:
    return module.Statistics(*fields)


# What follows runs on workers. Named tuples of a module are sent as plain ones: their class is known where it is made.


def _kept(value: Any) -> Any:
    return value


def _sample(partition: Partition, drawn: tuple[int, int]) -> Sample:
    return partition.local.sample(*drawn)


def _sampled(sent: Sent, drawn: tuple[int, int], a: Sample, b: Sample) -> Sample:
    return a.merge(b, *drawn, sent.module)


def _statistics(partition: Partition, parameters: Fields) -> Fields:
    return tuple(partition.local.statistics(partition.sent.module.Parameters(*parameters)))


def _merged(sent: Sent, _: Fields, a: Fields, b: Fields) -> Fields:
    module = sent.module
    return tuple(merged(module, _statistics_of(module, a), _statistics_of(module, b), sent.knowns))


def _witnesses(partition: Partition, parameters: Fields) -> Witnesses:
    return partition.local.witnesses(partition.sent.module.Parameters(*parameters))


def _joined(sent: Sent, _: Fields, a: Witnesses, b: Witnesses) -> Witnesses:
    return a.merge(b, sent.module)
