"""Rows that show what became of each component: those it is most sure of, from all blocks, beside a sample."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.runtime.densities import taken
from derive.runtime.protocol import Array, GeneratedModule, plates
from derive.runtime.sources.block import Block

_KEPT = 64  # rows a component


@dataclass(frozen=True)
class Witnesses:
    """What troubles are judged by, of a part of the data.

    counts: the sum of each component's responsibilities, shape (K,). X, knowns: rows. scores: log joint of these rows,
    shape (n, K). places: the number of each row, from 0.
    """

    counts: Array
    X: Any
    knowns: Mapping[str, Array]
    scores: Array
    places: NDArray[np.intp]

    def merge(self, other: "Witnesses", module: GeneratedModule) -> "Witnesses":
        """Of both parts; those of the other come later."""
        return self.beside(other, module).best(module)

    def beside(self, other: "Witnesses", module: GeneratedModule) -> "Witnesses":
        """All rows of both parts."""
        letter = plates(module)[0]
        X = np.concatenate([self.X, other.X])
        knowns = {
            name: np.concatenate([value, other.knowns[name]], axis=module.KNOWNS[name].index(letter))
            if letter in module.KNOWNS[name]
            else value
            for name, value in self.knowns.items()
        }
        scores = np.concatenate([self.scores, other.scores])
        places = np.concatenate([self.places, other.places])
        return Witnesses(self.counts + other.counts, X, knowns, scores, places)

    def best(self, module: GeneratedModule) -> "Witnesses":
        """Only the rows that some component has the highest density at."""
        if len(self.scores) <= _KEPT:
            return self
        chosen = np.unique(np.argpartition(-self.scores, _KEPT - 1, axis=0)[:_KEPT])
        knowns = taken(module, self.knowns, chosen)
        return Witnesses(self.counts, self.X[chosen], knowns, self.scores[chosen], self.places[chosen])


def witnesses(module: GeneratedModule, block: Block, parameters: Any, begin: int) -> Witnesses:
    """Of one block, whose first row has the number `begin`. Raises as the module's functions do."""
    joint = np.asarray(module.log_joint(block.X, parameters, **block.knowns), dtype=np.float64)
    scaled = np.exp(joint - joint.max(axis=1, keepdims=True))
    counts = (scaled / scaled.sum(axis=1, keepdims=True)).sum(axis=0)
    places = np.arange(begin, begin + len(joint))
    return Witnesses(counts, block.X, block.knowns, joint, places).best(module)
