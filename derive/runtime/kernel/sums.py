"""The fused pass: features, log joint, responsibilities and their sums, block by block, in buffers made once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.runtime.kernel.blocks import few, ranges
from derive.runtime.kernel.buffers import FeatureBuffers
from derive.runtime.kernel.posterior import Linear, Posterior

Array = NDArray[Any]


@dataclass
class Sums:
    """What a pass leaves: features times responsibilities, shape (F, K); Σ log Σ_k exp; extremes.

    lowest, highest: of the data, shape (D,), where they were moved and features are of nothing else; else of the
    features, shape (F,).
    """

    totals: Array
    log_likelihood: float
    lowest: Array
    highest: Array

    @property
    def are_finite(self) -> bool:
        """Whether nothing overflowed, and no number of the data is none."""
        return bool(np.isfinite(self.totals).all() and np.isfinite(self.log_likelihood))

    def add(self, other: "Sums") -> None:
        """Take in the sums of other samples."""
        self.totals += other.totals
        self.log_likelihood += other.log_likelihood
        np.minimum(self.lowest, other.lowest, out=self.lowest)
        np.maximum(self.highest, other.highest, out=self.highest)


def sums_over(
    buffers: FeatureBuffers,
    fill: Callable[..., None],
    X: Array,
    natural: Array,
    origin: Array | None,
    places: list[tuple[int, int]],
    knowns: Mapping[str, Array],
    weights: Array | None,
) -> Sums:
    """Return the sums over the blocks at these places.

    fill: the module's ``features``, with the known constants that rows share. natural: its natural parameters, shape
    (K, F). origin: taken from each sample, shape (D, 1); None where nothing is moved. knowns: per sample. weights: how
    many samples each one stands for.
    """
    total = np.zeros(buffers.product.shape)
    likelihood = 0.0
    of_data = origin is not None and not knowns  # features of the data alone are largest where these are
    watched = buffers.event if of_data else (len(buffers.features),)
    lowest, highest = np.full(watched, np.inf), np.full(watched, -np.inf)
    posterior = Posterior(buffers, Linear(natural))
    by_rows = few(*natural.shape)
    scaled = buffers.features if buffers.features.shape[0] < buffers.joint.shape[0] else buffers.joint
    for start, end in places:
        n = end - start
        phi, joint, moved = buffers.features[:, :n], buffers.joint[:, :n], buffers.moved[..., :n]
        if origin is None:
            moved[...] = X[start:end].T
        else:
            np.subtract(X[start:end].T, origin, out=moved)
        fill(moved.T, phi, **{name: value[start:end] for name, value in knowns.items()})
        extremes = moved if of_data else phi
        np.minimum(lowest, np.minimum.reduce(extremes, axis=-1), out=lowest)
        np.maximum(highest, np.maximum.reduce(extremes, axis=-1), out=highest)
        own = None if weights is None else weights[start:end]
        likelihood += posterior.weigh(phi, joint, own)
        np.multiply(scaled[:, :n], buffers.scale[:n], out=scaled[:, :n])
        if by_rows:
            for one, row in zip(joint, buffers.product, strict=True):
                np.dot(phi, one, out=row)
        else:
            np.dot(joint, phi.T, out=buffers.product)
        total += buffers.product
    return Sums(total.T, likelihood, lowest, highest)


def together(parts: Iterable[Sums]) -> Sums:
    """Return the sums of all, added in their order."""
    first, *others = parts
    for other in others:
        first.add(other)
    return first


def split(rows: int, size: int, threads: int) -> list[list[tuple[int, int]]]:
    """Return the blocks of each thread: consecutive ones, so that sums are added in an order that repeats."""
    places = list(ranges(rows, size))
    share = -(-len(places) // max(min(threads, len(places)), 1))
    return [places[at : at + share] for at in range(0, len(places), share)]
