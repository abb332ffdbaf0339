"""Rows at random from one walk, the same ones however the rows are shared out.

Each row has a number that looks random and depends on its place and the seed alone; the rows with the smallest ones are
the sample (bottom-k sampling: Cohen and Kaplan 2007).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.runtime.densities import taken
from derive.runtime.protocol import Array, GeneratedModule, plates
from derive.runtime.sources.walk import Walk


@dataclass(frozen=True)
class Sample:
    """Rows drawn at random, each as likely as any other, in the order of the source.

    knowns: all known constants, those of rows for these rows. places: the number from 0 of each row. rows: of the
    source. weight: of all rows, with their sample weights. digest: of all data and known constants.
    """

    X: Any
    knowns: Mapping[str, Array]
    places: NDArray[np.intp]
    rows: int
    weight: float
    digest: str

    @property
    def is_whole(self) -> bool:
        """Whether these are all rows."""
        return len(self.places) == self.rows

    def merge(self, other: "Sample", size: int, seed: int, module: GeneratedModule) -> "Sample":
        """A sample of at most `size` rows of both parts; the other's rows come later."""
        places = np.concatenate([self.places, other.places])
        knowns = {
            name: np.concatenate([value, other.knowns[name]], axis=module.KNOWNS[name].index(plates(module)[0]))
            if plates(module)[0] in module.KNOWNS[name]
            else value
            for name, value in self.knowns.items()
        }
        X = np.concatenate([self.X, other.X])
        digest = hashlib.sha256(f"{self.digest} {other.digest}".encode()).hexdigest()
        rows, weight = self.rows + other.rows, self.weight + other.weight
        if len(places) > size:
            kept = np.sort(np.argpartition(_luck(places, seed), size - 1)[:size])
            X, knowns, places = X[kept], taken(module, knowns, kept), places[kept]
        return Sample(X, knowns, places, rows, weight, digest)


def draw(walk: Walk, size: int, seed: int, weights: str | None, begin: int = 0) -> Sample:
    """A sample of at most `size` rows, from one walk.

    weights: the name of the known constants that say how many rows each one stands for. begin: the number of the first
    row. Raises InputError for data that the model cannot take, and for none.
    """
    digest, letter = hashlib.sha256(), plates(walk.module)[0]
    total: Sample | None = None
    for block in walk:
        for name in ("", *sorted(block.knowns)):
            if not name or letter in walk.module.KNOWNS[name] or total is None:
                digest.update(np.ascontiguousarray(block.knowns[name] if name else block.X).data)
        weight = float(block.knowns[weights].sum()) if weights else len(block.X)
        places = np.arange(begin, begin + len(block.X))
        begin += len(block.X)
        own = Sample(block.X, block.knowns, places, len(block.X), weight, "")
        nothing = Sample(block.X[:0], taken(walk.module, block.knowns, slice(0)), places[:0], 0, 0.0, "")
        total = (nothing if total is None else total).merge(own, size, seed, walk.module)
    if total is None:
        raise InputError(f"{walk.name} is empty: 0 rows")
    return Sample(total.X, total.knowns, total.places, total.rows, total.weight, digest.hexdigest())


def _luck(places: NDArray[np.intp], seed: int) -> NDArray[np.uint64]:
    """A number of 64 bits for each row: splitmix64 of its place (Steele, Lea and Flood 2014, fig. 16)."""
    offset = np.random.SeedSequence(seed).generate_state(1, np.uint64)
    with np.errstate(over="ignore"):
        z = (places.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15) + offset
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(z ^ (z >> np.uint64(31)))
