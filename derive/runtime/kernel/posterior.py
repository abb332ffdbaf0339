"""Responsibilities of a block, from the log joint to exponentials and their sums, all in place.

The exponentials of l_nk - c are taken, with one c for all samples: near their log-likelihoods, nothing overflows and no
sum vanishes. Only where a block says otherwise is the largest l_nk of each sample taken instead, which takes longer.
"""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from derive.runtime.kernel.buffers import FLOOR, Buffers

Array = NDArray[Any]
SMALLEST_SUM = {
    "float64": 1e-250,
    "float32": 1e-25,
}  # of exponentials: beside it the floor is nothing
PATIENCE = 3  # blocks of a pass that may need the slower way before all others take it
TOGETHER = 8  # sums of exponentials whose product is taken before its logarithm: a product costs less


class LogJoint(Protocol):
    """Computes l_nk less one number from what a strategy has made of a block, a column for each sample."""

    def fill(self, block: Array, joint: Array, offset: float) -> None:
        """Fill ``joint``, shape (K, n), by l_nk - offset."""


class Linear:
    """The log joint by features, the first of which is 1: natural parameters, shape (K, F), times features, (F, n)."""

    def __init__(self, natural: Array) -> None:
        self.first, self.moved, self.offset = natural[:, 0], natural.copy(), 0.0

    def fill(self, block: Array, joint: Array, offset: float) -> None:
        """Fill ``joint`` by l_nk - offset; the offset is taken from what multiplies 1."""
        if offset != self.offset:
            np.subtract(self.first, offset, out=self.moved[:, 0])
            self.offset = offset
        np.dot(self.moved, block, out=joint) if joint.flags.c_contiguous else np.matmul(self.moved, block, out=joint)


class Posterior:
    """Turns the log joint of a block into exponentials l_nk - ..., in the rows of ``joint``, and 1 / their sums."""

    def __init__(self, buffers: Buffers, log_joint: LogJoint) -> None:
        self.buffers, self.log_joint = buffers, log_joint
        self.offset = 0.0
        self.smallest = SMALLEST_SUM[buffers.joint.dtype.name]
        self.trials = 0

    def weigh(self, block: Array, joint: Array, weights: Array | None) -> float:
        """Fill ``joint`` and the buffers' ``scale``; return the log-likelihood of the block, in nats.

        block: what the log joint is computed from. joint: (K, n), not normalised: the responsibilities are its columns
        times ``scale``, with the samples' weights where there are any.
        """
        n = block.shape[1]
        norm, scale = self.buffers.norm[:n], self.buffers.scale[:n]
        if self.offset == 0.0 or self.trials > PATIENCE or not self._at_once(block, joint, norm):
            value = self._by_largest(block, joint, norm, weights)
        else:
            value = _total_of_logs(norm, weights) + self.offset * (n if weights is None else float(weights.sum()))
        np.divide(1.0, norm, out=scale)
        if weights is not None:
            scale *= weights
        return value

    def _at_once(self, block: Array, joint: Array, norm: Array) -> bool:
        """Take the exponentials less the offset; whether every sum can be relied on."""
        n = joint.shape[1]
        self.log_joint.fill(block, joint, self.offset)
        np.maximum(joint, self.buffers.floor[:, :n], out=joint)
        np.exp(joint, out=joint)
        np.matmul(self.buffers.ones, joint, out=norm)
        done = bool(np.minimum.reduce(norm) > self.smallest and np.maximum.reduce(norm) < 1 / self.smallest)
        self.trials += not done
        return done

    def _by_largest(self, block: Array, joint: Array, norm: Array, weights: Array | None) -> float:
        """Take the exponentials less the largest of each sample."""
        n = joint.shape[1]
        largest = self.buffers.largest[:n]
        self.log_joint.fill(block, joint, 0.0)
        np.maximum.reduce(joint, axis=0, out=largest)
        np.subtract(joint, largest, out=joint)
        np.maximum(joint, self.buffers.floor[:, :n], out=joint)
        np.exp(joint, out=joint)
        np.matmul(self.buffers.ones, joint, out=norm)
        value = _total_of_logs(norm, weights)
        value += float(np.add.reduce(largest, dtype=np.float64) if weights is None else np.dot(largest, weights))
        if self.offset == 0.0 and np.isfinite(value):
            self.offset = float(np.add.reduce(largest, dtype=np.float64)) / n
        return value


def is_above_floor(counts: Array, dtype: Any) -> bool:
    """Whether what the floor gives to a component is nothing beside the sum of its responsibilities, for each of them.

    A component that is far from all samples would seem to have them all in equal parts.
    """
    name = np.dtype(dtype).name
    given = np.exp(FLOOR[name]) / SMALLEST_SUM[name] * np.sum(counts)
    return bool(np.min(counts) * np.sqrt(np.finfo(dtype).eps) >= given)


def _total_of_logs(values: Array, weights: Array | None) -> float:
    """Return the sum of the logarithms of positive numbers, in float64."""
    if weights is not None:
        return float(np.dot(np.log(values), weights))
    if len(values) % TOGETHER == 0:
        products = np.multiply.reduce(values.reshape(TOGETHER, -1), axis=0)
        total = float(np.add.reduce(np.log(products), dtype=np.float64))
        if np.isfinite(total):
            return total
    return float(np.add.reduce(np.log(values), dtype=np.float64))
