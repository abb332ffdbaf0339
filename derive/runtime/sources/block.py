"""Rows that come together, with the known constants that each of them has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from derive.runtime.protocol import Array


@dataclass(frozen=True)
class Block:
    """Rows that come together. X: (n, D), or (n,) for scalar data. knowns: the known constants that each row has."""

    X: NDArray[Any]
    knowns: Mapping[str, Array] = field(default_factory=dict)
