"""Responsibilities of a block, from features and natural parameters to exponentials and their sums, all in place.

The exponentials of l_nk - c are taken, with one c for all samples: near their log-likelihoods, nothing overflows and no
sum vanishes. Only where a block says otherwise is the largest l_nk of each sample taken instead, which takes longer.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.runtime.kernel.buffers import Buffers

Array = NDArray[Any]
SMALLEST_SUM = {
    "float64": 1e-250,
    "float32": 1e-25,
}  # of exponentials: beside it the floor is nothing
PATIENCE = 3  # blocks of a pass that may need the slower way before all others take it
TOGETHER = 8  # sums of exponentials whose product is taken before its logarithm: a product costs less


class Posterior:
    """Turns features of a block into exponentials l_nk - ..., in the rows of ``joint``, and 1 / their sums."""

    def __init__(self, buffers: Buffers, natural: Array) -> None:
        """natural: shape (K, F); the first feature is 1."""
        self.buffers, self.natural = buffers, natural
        self.moved, self.offset = natural, 0.0
        name = natural.dtype.name
        self.smallest = SMALLEST_SUM[name]
        self.trials = 0

    def weigh(self, phi: Array, joint: Array, weights: Array | None) -> float:
        """Fill ``joint`` and the buffers' ``scale``; return the log-likelihood of the block, in nats.

        phi: (F, n). joint: (K, n), not normalised: the responsibilities are its columns times ``scale``, with the
        samples' weights where there are any.
        """
        n = phi.shape[1]
        norm, scale = self.buffers.norm[:n], self.buffers.scale[:n]
        if self.offset == 0.0 or self.trials > PATIENCE or not self._at_once(phi, joint, norm):
            value = self._by_largest(phi, joint, norm, weights)
        else:
            value = _total_of_logs(norm, weights) + self.offset * (n if weights is None else float(weights.sum()))
        np.divide(1.0, norm, out=scale)
        if weights is not None:
            scale *= weights
        return value

    def _at_once(self, phi: Array, joint: Array, norm: Array) -> bool:
        """Take the exponentials less the offset; whether every sum can be relied on."""
        n = phi.shape[1]
        np.dot(self.moved, phi, out=joint) if joint.flags.c_contiguous else np.matmul(self.moved, phi, out=joint)
        np.maximum(joint, self.buffers.floor[:, :n], out=joint)
        np.exp(joint, out=joint)
        np.matmul(self.buffers.ones, joint, out=norm)
        done = bool(np.minimum.reduce(norm) > self.smallest and np.maximum.reduce(norm) < 1 / self.smallest)
        self.trials += not done
        return done

    def _by_largest(self, phi: Array, joint: Array, norm: Array, weights: Array | None) -> float:
        """Take the exponentials less the largest of each sample."""
        n = phi.shape[1]
        largest = self.buffers.largest[:n]
        np.matmul(self.natural, phi, out=joint)
        np.maximum.reduce(joint, axis=0, out=largest)
        np.subtract(joint, largest, out=joint)
        np.maximum(joint, self.buffers.floor[:, :n], out=joint)
        np.exp(joint, out=joint)
        np.matmul(self.buffers.ones, joint, out=norm)
        value = _total_of_logs(norm, weights)
        value += float(np.add.reduce(largest, dtype=np.float64) if weights is None else np.dot(largest, weights))
        if self.offset == 0.0 and np.isfinite(value):
            self.offset = float(np.add.reduce(largest, dtype=np.float64)) / n
            self.moved = self.natural.copy()
            self.moved[:, 0] -= self.offset
        return value


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
