"""The fused pass: features, log joint, responsibilities and their sums, block by block, in buffers made once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.runtime.kernel.blocks import ranges

Array = NDArray[Any]
FLOOR = {"float64": -700.0, "float32": -87.0}  # below, np.exp takes the slow road to numbers of no weight


@dataclass
class Sums:
    """What a pass leaves: features times responsibilities, shape (F, K); Σ log Σ_k exp; the extremes of the data."""

    totals: Array
    log_likelihood: float
    lowest: Array
    highest: Array

    def add(self, other: "Sums") -> None:
        """Take in the sums of other samples."""
        self.totals += other.totals
        self.log_likelihood += other.log_likelihood
        np.minimum(self.lowest, other.lowest, out=self.lowest)
        np.maximum(self.highest, other.highest, out=self.highest)


class Buffers:
    """The arrays of one thread; a sample is a column, so that reductions over components run over whole rows."""

    def __init__(self, features: int, components: int, event: tuple[int, ...], size: int, dtype: Any) -> None:
        """Make them for blocks of at most ``size`` samples."""
        self.key = (features, components, event, size, np.dtype(dtype))
        self.event, self.size = event, size
        self.moved = np.empty((*event, size), dtype)
        self.features = np.empty((features, size), dtype)
        self.joint = np.empty((components, size), dtype)
        self.floor = np.full((components, size), FLOOR[np.dtype(dtype).name], dtype)
        self.ones = np.ones(components, dtype)
        self.largest, self.scale, self.totals = (np.empty(size, dtype) for _ in range(3))
        self.product = np.empty((features, components), dtype)

    def sums(
        self,
        fill: Callable[..., None],
        X: Array,
        natural: Array,
        origin: Array | None,
        places: "list[tuple[int, int]]",
        knowns: Mapping[str, Array],
        weights: Array | None,
    ) -> Sums:
        """Return the sums over the blocks at these places.

        fill: the module's ``features``. natural: its natural parameters, shape (K, F). origin: taken from each sample,
        shape (D, 1); None where nothing is moved. knowns: per sample. weights: how many samples each one stands for.
        """
        total = np.zeros(self.product.shape)
        likelihood = 0.0
        lowest = np.full(self.event, np.inf)
        highest = np.full(self.event, -np.inf)
        scaled = self.features if self.features.shape[0] < self.joint.shape[0] else self.joint
        for start, end in places:
            n = end - start
            phi, joint, floor = self.features[:, :n], self.joint[:, :n], self.floor[:, :n]
            largest, scale, norm = self.largest[:n], self.scale[:n], self.totals[:n]
            moved = self.moved[..., :n]
            if origin is None:
                moved[...] = X[start:end].T
            else:
                np.subtract(X[start:end].T, origin, out=moved)
            np.minimum(lowest, np.minimum.reduce(moved, axis=-1), out=lowest)
            np.maximum(highest, np.maximum.reduce(moved, axis=-1), out=highest)
            fill(moved.T, phi, **{name: value[start:end] for name, value in knowns.items()})
            np.dot(natural, phi, out=joint) if n == self.size else np.matmul(natural, phi, out=joint)
            np.maximum.reduce(joint, axis=0, out=largest)
            np.subtract(joint, largest, out=joint)
            np.maximum(joint, floor, out=joint)
            np.exp(joint, out=joint)
            np.matmul(self.ones, joint, out=norm)
            np.divide(1.0, norm, out=scale)
            np.log(norm, out=norm)
            norm += largest
            if weights is not None:
                scale *= weights[start:end]
                norm *= weights[start:end]
            likelihood += float(np.add.reduce(norm, dtype=np.float64))
            np.multiply(scaled[:, :n], scale, out=scaled[:, :n])
            np.dot(phi, joint.T, out=self.product)
            total += self.product
        return Sums(total, likelihood, lowest, highest)


def split(rows: int, size: int, threads: int) -> list[list[tuple[int, int]]]:
    """Return the blocks of each thread: consecutive ones, so that sums are added in an order that repeats."""
    places = list(ranges(rows, size))
    share = -(-len(places) // max(min(threads, len(places)), 1))
    return [places[at : at + share] for at in range(0, len(places), share)]
