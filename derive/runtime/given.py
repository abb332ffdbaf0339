"""From what `fit` is given to what it works on: rows that are held, or an engine that walks them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from derive.errors import InputError
from derive.runtime.dataset import as_events
from derive.runtime.engine import Engine, Local
from derive.runtime.merging import check_streamed
from derive.runtime.protocol import Array, GeneratedModule
from derive.runtime.shapes import check_knowns, sizes_of
from derive.runtime.sources.frames import FrameSource
from derive.runtime.sources.opening import as_source
from derive.runtime.sources.walk import Walk


@dataclass(frozen=True)
class Held:
    """Rows in memory. X: events as the module takes them. knowns: checked."""

    X: Any
    knowns: dict[str, Array]


def given(
    module: GeneratedModule,
    data: Any,
    k: int,
    knowns: Mapping[str, Array],
    source: str,
    *,
    mode: str = "soft",
    others: Mapping[str, Any] | None = None,
) -> Held | Engine:
    """Return the rows of an array in memory, the rows of all else by an engine.

    mode: of EM; only soft mode does without all rows at once. others: what else needs them, such as labels, by name. An
    array or a frame is then taken as a whole. Raises InputError for what cannot be used, or not block by block.
    """
    if type(data) is np.ndarray or isinstance(data, list | tuple | int | float):
        return _held(module, data, k, knowns, source)
    engine: Engine
    if hasattr(data, "statistics") and hasattr(data, "walk"):
        engine = data
        _check_made_for(engine.walk, module, k)
    else:
        walk = data if isinstance(data, Walk) else Walk(module, as_source(data, source), k, knowns=knowns)
        _check_made_for(walk, module, k)
        engine = Local(walk)
    try:
        check_streamed(module, "block by block")
        _check_ordinary(mode, others or {})
    except InputError:
        if not (isinstance(data, np.ndarray) or isinstance(engine.walk.source, FrameSource)):
            raise
        table = np.concatenate(list(engine.walk.source.blocks(engine.walk.chosen, engine.walk.block_size)))
        return _held(module, table, k, knowns, source)
    return engine


def _check_made_for(walk: Walk, module: GeneratedModule, k: int) -> None:
    """Raise InputError for rows that were made ready for another model, which would be fitted instead of this one."""
    of, here = ((one.MODEL, dict(one.PARAMETER_SHAPES), dict(one.KNOWNS)) for one in (walk.module, module))
    if of != here:
        raise InputError(f"{walk.name} was made ready for {walk.module.MODEL}, not for {module.MODEL}; give one model")
    if walk.k != k:
        raise InputError(f"{walk.name} was made ready for K = {walk.k}, not for K = {k}; give both the same number")


def _held(module: GeneratedModule, data: Any, k: int, knowns: Mapping[str, Array], source: str) -> Held:
    events = as_events(data, module.EVENT_SHAPE, model=module.MODEL, source=source)
    return Held(events, check_knowns(module, knowns, sizes_of(module, len(events), k, events.size // len(events))))


def _check_ordinary(mode: str, others: Mapping[str, Any]) -> None:
    for name, value in others.items():
        if value is not None:
            raise InputError(f"{name} cannot be used with data that are read block by block; give an array")
    if mode != "soft":
        raise InputError("data that are read block by block are fitted in soft mode; give an array for another --mode")
