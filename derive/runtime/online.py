"""Online EM: sufficient statistics of block after block, averaged with falling step sizes, and an update after each.

Source: Cappé and Moulines 2009, sec. 2, with blocks of rows in the place of rows as in Liang and Klein 2009.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import FitError, InputError
from derive.runtime.collapse import ADVICE
from derive.runtime.dataset import as_events
from derive.runtime.densities import shared
from derive.runtime.em import fit
from derive.runtime.merging import check_streamed, merged
from derive.runtime.protocol import Array, GeneratedModule, StreamedModule, sample_weights
from derive.runtime.shapes import check_fit, check_knowns, sizes_of
from derive.runtime.sources.block import Block

POWER = 0.7
DELAY = 2.0
_START_TOL = 1e-3  # nats a row: the first block is fitted roughly, it is only a start


@dataclass(frozen=True)
class Steps:
    """Step sizes ρ_t = (t + delay)^-power, t = 1, 2, ...: their sum has no bound, the sum of their squares has one.

    power: above 1/2, at most 1; the smaller, the sooner the start is forgotten, the larger, the more is averaged.
    delay: 0 or more.
    """

    power: float = POWER
    delay: float = DELAY

    def __post_init__(self) -> None:
        if not 1 / 2 < self.power <= 1:
            raise InputError(f"the power of the step sizes must be above 1/2 and at most 1, not {self.power:g}")
        if not 0 <= self.delay < np.inf:
            raise InputError(f"the delay of the step sizes must be a number of 0 or more, not {self.delay:g}")

    def __call__(self, t: int) -> float:
        """ρ_t, above 0 and at most 1."""
        return float((t + self.delay) ** -self.power)


@dataclass(frozen=True)
class OnlineState:
    """Where online EM stands after a block.

    statistics: the average, of one row. rows: seen so far, with their sample weights. steps: updates.
    """

    parameters: Any
    statistics: Any
    rows: float
    steps: int


def online_em(  # noqa: PLR0913  each option is one the command line has
    module: GeneratedModule,
    blocks: Iterable[NDArray[Any] | Block],
    k: int,
    *,
    steps: Steps | None = None,
    start: Any = None,
    total: float | None = None,
    seed: int = 0,
    knowns: Mapping[str, Array] | None = None,
    source: str = "X",
) -> Iterator[OnlineState]:
    """Fit a mixture of K components to a stream of rows; yields the state after each block.

    blocks: of any sizes, arrays, or `Block`s where the model has known constants of each row; one is held at a time.
    start: parameters, by default those of a fit of the first block, which then needs enough rows for one. total: how
    many rows there are, where the stream repeats them; a prior is weighed against so many rows at most. seed: of the
    fit of the first block. knowns: known constants that all rows share. source: the stream's name in messages.
    Raises InputError for a model without sufficient statistics and for blocks that do not fit, FitError where a
    component loses its points.
    """
    check_fit(module, k)
    if isinstance(blocks, str | os.PathLike) or hasattr(blocks, "to_numpy"):
        raise InputError(
            f"blocks should be an iterable of arrays, not of type {type(blocks).__name__}: "
            "fit_online takes files and frames"
        )
    streamed = check_streamed(module)
    schedule, weighted = steps or Steps(), sample_weights(module)
    parameters, average, rows = start, None, 0.0
    for t, (X, constants) in enumerate(_checked(module, blocks, k, knowns or {}, source)):
        if parameters is None:
            parameters = fit(module, X, k, seed=seed, tol=_START_TOL, knowns=constants, source=source).parameters
        count = float(constants[weighted].sum()) if weighted else len(X)
        rows += count
        of_all = shared(module, constants)
        try:
            with np.errstate(all="ignore"):
                own = scaled(streamed, streamed.statistics(X, parameters, **constants), 1 / count, of_all)
                average = own if average is None else mixed(streamed, average, own, schedule(t), of_all)
                weight = rows if total is None else min(rows, total)
                parameters = streamed.update(scaled(streamed, average, weight, of_all), parameters, **of_all)
        except (ValueError, np.linalg.LinAlgError) as error:
            raise FitError(f"{source}, block {t + 1}: {error}; use larger blocks, or: {ADVICE}") from error
        if not all(np.isfinite(value).all() for value in parameters):
            raise FitError(f"{source}, block {t + 1}: a parameter is no longer finite; use larger blocks, or: {ADVICE}")
        yield OnlineState(parameters, average, rows, t + 1)


def scaled(module: StreamedModule, statistics: Any, factor: float, knowns: Mapping[str, Array]) -> Any:
    """Statistics as if each row counted so many times. knowns: the known constants that all rows share.

    Merged with themselves, sums double and what is no sum (a mean, an origin) stays: the line through both is followed.
    """
    doubled = merged(module, statistics, statistics, knowns)
    pairs = zip(map(np.asarray, statistics), map(np.asarray, doubled), strict=True)
    return type(statistics)(*(once + (factor - 1) * (twice - once) for once, twice in pairs))


def mixed(module: StreamedModule, average: Any, own: Any, rho: float, knowns: Mapping[str, Array]) -> Any:
    """(1 - ρ) times the average plus ρ times a block's own statistics, each of one row."""
    if rho == 1:
        return own
    return merged(module, scaled(module, average, 1 - rho, knowns), scaled(module, own, rho, knowns), knowns)


def _checked(
    module: GeneratedModule,
    blocks: Iterable[NDArray[Any] | Block],
    k: int,
    knowns: Mapping[str, Array],
    source: str,
) -> Iterator[tuple[NDArray[Any], dict[str, Array]]]:
    """Events and known constants of each block; the blocks' widths agree."""
    width = None
    for t, given in enumerate(blocks):
        block = given if isinstance(given, Block) else Block(given)
        name = f"{source}, block {t + 1}"
        events = as_events(block.X, module.EVENT_SHAPE, model=module.MODEL, source=name)
        columns = events.size // len(events)
        if width not in {None, columns}:
            raise InputError(f"{name} has {columns} columns, the blocks before it have {width}")
        width = columns
        sizes = sizes_of(module, len(events), k, columns)
        yield events, check_knowns(module, {**knowns, **block.knowns}, sizes)
    if width is None:
        raise InputError(f"{source} holds no blocks")
