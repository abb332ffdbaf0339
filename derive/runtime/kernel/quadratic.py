"""The whitened strategy: a log joint that is quadratic in the sample, by products with triangular matrices.

Where the features are 1, y and y yᵀ, of y = x_n - c_k, and C_k C_kᵀ = -2 η²_k (Cholesky),

    η⁰_k + η¹_kᵀ y + tr(η²_k y yᵀ) = η⁰_k + ½ |v_k|² - ½ |C_kᵀ y - v_k|²,   C_k v_k = η¹_k

by completing the square. That takes half as many operations as a square matrix does, and no product of two coordinates
is ever stored. The sums of y yᵀ times responsibilities are products of a matrix with its own transpose, of which BLAS
computes one half.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from derive.runtime.kernel.blocks import odd_multiple
from derive.runtime.kernel.buffers import WhitenedBuffers
from derive.runtime.kernel.posterior import Posterior
from derive.runtime.kernel.sums import Sums

Array = NDArray[Any]
WIDTH = 32  # columns of a panel of C_k: its zeros above the diagonal, which are multiplied, stay few
COMPONENTS = 4  # whose panels are multiplied at once: wide products run faster
LONGEST, ROOM = 1984, 12e6  # rows of a block, and bytes of what is made of them
SAFETY = 4  # factor of the error's estimate


@dataclass(frozen=True)
class Panel:
    """Some columns of C_k, for some components side by side, and what is taken from the product."""

    first: int
    last: int
    start: int
    columns: Array
    offsets: Array


@dataclass(frozen=True)
class Quadratic:
    """A log joint as a_k - ½ |C_kᵀ x - u_k|², x about the data's origin.

    constants: a, shape (K,). panels: of C and u. centres: c_k about that origin, shape (K, D). squares: Σ_j C_kij²,
    shape (K, D). precisions: the squares of the entries of C_k C_kᵀ, shape (K, D, D).
    """

    constants: Array
    panels: tuple[Panel, ...]
    centres: Array
    squares: Array
    precisions: Array

    @classmethod
    def of(cls, natural: Array, centres: Array, dtype: Any) -> Self:
        """Return it from the natural parameters about the centres, shape (K, 1 + D + D (D + 1) / 2), in float64.

        Raises LinAlgError where a log joint is not concave in the sample.
        """
        K, D = centres.shape
        rows, columns = diagonals(D)
        precisions = np.zeros((K, D, D))
        precisions[:, columns, rows] = np.where(rows == columns, -2, -1) * natural[:, 1 + D :]
        factors = np.linalg.cholesky(precisions)
        linear = natural[:, 1 : 1 + D]
        ends = np.linalg.solve(factors, linear[..., np.newaxis])[..., 0] if linear.any() else np.zeros((K, D))
        constants = natural[:, 0] + np.einsum("kd,kd->k", ends, ends) / 2
        offsets = np.einsum("kij,ki->kj", factors, centres) + ends
        panels = []
        for first in range(0, K, COMPONENTS):
            last = min(first + COMPONENTS, K)
            for start in range(0, D, WIDTH):
                of_these = np.s_[first:last, start:, start : start + WIDTH]
                panel = np.ascontiguousarray(factors[of_these].transpose(1, 0, 2), dtype=dtype).reshape(D - start, -1)
                offset = offsets[first:last, start : start + WIDTH].astype(dtype).ravel()
                panels.append(Panel(first, last, start, panel, offset))
        squares = np.einsum("kij,kij->ki", factors, factors)
        precisions += np.tril(precisions, -1).transpose(0, 2, 1)
        return cls(constants, tuple(panels), centres, squares, np.square(precisions, out=precisions))

    def distances(self, rows: Array, workspace: Array, out: Array) -> None:
        """Fill ``out``, shape (K, n), by |C_kᵀ x_n - u_k|². rows: shape (n, D)."""
        n = len(rows)
        for panel in self.panels:
            product = workspace[: n * panel.columns.shape[1]].reshape(n, -1)
            np.matmul(rows[:, panel.start :], panel.columns, out=product)
            np.subtract(product, panel.offsets, out=product)
            parts = product.reshape(n, panel.last - panel.first, -1)
            places = out[panel.first : panel.last]
            if panel.start == 0:
                np.einsum("nkj,nkj->kn", parts, parts, out=places)
            else:
                places += np.einsum("nkj,nkj->kn", parts, parts)

    def fill(self, block: Array, joint: Array, offset: float) -> None:
        """Fill ``joint`` by l_nk - offset. block: the distances, shape (K, n)."""
        np.multiply(block, -0.5, out=joint)
        np.add(joint, (self.constants - offset).astype(joint.dtype)[:, np.newaxis], out=joint)

    def rounding(self, lowest: Array, highest: Array, dtype: Any) -> float:
        """Return an estimate of the largest error of a log joint where it counts, in nats.

        lowest, highest: of the data about the origin, shape (D,). An entry of C_kᵀ x is known to eps times the root of
        the sum of its terms' squares: Higham and Mary 2019, A New Approach to Probabilistic Rounding Error Analysis.
        The precisions, of float64, are known to eps times their entries.
        """
        largest = np.maximum(lowest**2, highest**2)
        of_products = np.finfo(dtype).eps * np.sqrt(self.squares @ largest)
        of_precisions = np.finfo(np.float64).eps * np.sqrt(self.precisions @ largest @ largest)
        return float(SAFETY * np.max(of_products + of_precisions))


def diagonals(D: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return rows and columns of the upper triangle of a D × D matrix, in the order of features: by diagonals."""
    rows = np.concatenate([np.arange(D - d) for d in range(D)])
    columns = np.concatenate([np.arange(d, D) for d in range(D)])
    return rows, columns


def block_shape(components: int, coordinates: int, dtype: Any) -> tuple[int, int]:
    """Return how many whitened coordinates are held at a time, and of how many samples."""
    panel = min(COMPONENTS, components) * min(WIDTH, coordinates)
    size = min(LONGEST, ROOM / (np.dtype(dtype).itemsize * (2 * coordinates + panel + 3 * components)))
    return panel, odd_multiple(size)


def whitened_sums(
    buffers: WhitenedBuffers,
    quadratic: Quadratic,
    X: Array,
    origin: Array,
    places: list[tuple[int, int]],
    weights: Array | None,
) -> Sums:
    """Return the sums over the blocks at these places, of features about the centres.

    X: shape (N, D). origin: taken from each sample, shape (D,). weights: how many samples each one stands for.
    """
    K, D = quadratic.centres.shape
    counts, sums, scatters = np.zeros((K, 1)), np.zeros((K, D)), np.zeros((K, D, D))
    lowest, highest = np.full(D, np.inf), np.full(D, -np.inf)
    likelihood = 0.0
    posterior = Posterior(buffers, quadratic)
    centres = quadratic.centres.astype(X.dtype)
    for start, end in places:
        n = end - start
        rows, centred, joint = buffers.rows[:n], buffers.centred[:n], buffers.joint[:, :n]
        distances = buffers.distances[:, :n]
        np.subtract(X[start:end], origin, out=rows)
        np.minimum(lowest, np.minimum.reduce(rows, axis=0), out=lowest)
        np.maximum(highest, np.maximum.reduce(rows, axis=0), out=highest)
        quadratic.distances(rows, buffers.panel, distances)
        likelihood += posterior.weigh(distances, joint, None if weights is None else weights[start:end])
        np.multiply(joint, buffers.scale[:n], out=joint)
        counts[:, 0] += np.add.reduce(joint, axis=1, dtype=np.float64)
        sums += joint @ rows
        np.sqrt(joint, out=joint)
        for k in range(K):
            np.subtract(rows, centres[k], out=centred)
            np.multiply(centred, joint[k][:, np.newaxis], out=centred)
            np.matmul(centred.T, centred, out=buffers.product)
            scatters[k] += buffers.product
    upper = scatters[:, *diagonals(D)]
    totals = np.concatenate([counts, sums - counts * centres, upper], axis=1).T
    return Sums(np.ascontiguousarray(totals), likelihood, lowest, highest)
