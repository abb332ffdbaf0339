"""Who computes what EM needs of data that are never all in memory: their statistics, a sample, and their troubles."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from derive.errors import InputError
from derive.runtime.densities import shared
from derive.runtime.kernel import Kernel
from derive.runtime.merging import check_streamed, merged
from derive.runtime.protocol import sample_weights
from derive.runtime.sources.sample import Sample, draw
from derive.runtime.sources.walk import Walk
from derive.runtime.sources.witnesses import Witnesses, witnesses


class Engine(Protocol):
    """All rows, wherever they are."""

    @property
    def walk(self) -> Walk:
        """The rows as they would be read here."""
        ...

    @property
    def way(self) -> str:
        """How the rows are read: sums in another order differ in their last digits."""
        ...

    def sample(self, size: int, seed: int) -> Sample:
        """At most so many rows at random."""
        ...

    def statistics(self, parameters: Any) -> Any:
        """The sufficient statistics of all rows at these parameters, merged in an order that repeats."""
        ...

    def witnesses(self, parameters: Any) -> Witnesses:
        """The rows that show what became of each component."""
        ...


@dataclass(frozen=True)
class Local:
    """Block after block in this process: memory for a few blocks, however many there are.

    threads: over a block, by default one a processor. begin: the number of the first row.
    """

    walk: Walk
    threads: int | None = None
    begin: int = 0
    _seen: list[int] = field(default_factory=list, compare=False)  # rows of the first walk

    @property
    def way(self) -> str:
        """The size of a block."""
        return f"blocks of {self.walk.block_size} rows"

    def sample(self, size: int, seed: int) -> Sample:
        """At most so many rows at random. Raises InputError for data that the model cannot take."""
        found = draw(self.walk, size, seed, sample_weights(self.walk.module), self.begin)
        self._check(found.rows)
        return found

    def statistics(self, parameters: Any) -> Any:
        """The sufficient statistics of all rows. Raises as the module's own functions do."""
        module = check_streamed(self.walk.module, "block by block")
        total: Any = None
        rows = 0
        for block in self.walk:
            found = self._kernel.statistics(block.X, parameters, knowns=block.knowns)
            total = found if total is None else merged(module, total, found, shared(module, block.knowns))
            rows += len(block.X)
        self._check(rows)
        return total

    def witnesses(self, parameters: Any) -> Witnesses:
        """The rows that show what became of each component. Raises as the module's own functions do."""
        found: Any = None
        begin = self.begin
        for block in self.walk:
            own = witnesses(self.walk.module, block, parameters, begin)
            found = own if found is None else found.merge(own, self.walk.module)
            begin += len(block.X)
        self._check(begin - self.begin)
        return found  # type: ignore[no-any-return]

    def _check(self, rows: int) -> None:
        """Raise InputError where a walk gave another number of rows than the first one, or none."""
        if not self._seen:
            self._seen.append(rows)
        if not rows and not self._seen[0]:
            raise InputError(f"{self.walk.name} is empty: 0 rows")
        if self._seen[0] != rows:
            raise InputError(
                f"{self.walk.name} gave {self._seen[0]} rows at first, and now gives {rows}; EM walks its data in each "
                "iteration, and needs the same rows each time"
            )

    @cached_property
    def _kernel(self) -> Kernel:
        return Kernel(self.walk.module, threads=self.threads)
