"""Blocks of the asked size from blocks as they happen to come."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray


def regrouped(blocks: Iterable[NDArray[Any]], size: int) -> Iterator[NDArray[Any]]:
    """Return the same rows in blocks of `size`, the last one of what is left: sums do not depend on how rows came."""
    waiting: list[NDArray[Any]] = []
    held = 0
    for block in blocks:
        rest = block
        while held + len(rest) >= size:
            waiting.append(rest[: size - held])
            rest = rest[size - held :]
            yield waiting[0] if len(waiting) == 1 else np.concatenate(waiting)
            waiting, held = [], 0
        if len(rest):
            waiting.append(rest)
            held += len(rest)
    if held:
        yield np.concatenate(waiting)
