"""Fakes with sufficient statistics, written by hand: sums, and means with scatters about them."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from tests.runtime.fakes import EXPONENTIAL, SPHERICAL, Array, Fake


class Sums(NamedTuple):
    """Of an exponential mixture."""

    rows: Array
    counts: Array
    sums: Array
    log_likelihood: float


class Moments(NamedTuple):
    """Of a spherical Gaussian mixture: weighted means and squares about them, which do not add up."""

    rows: Array
    counts: Array
    means: Array
    squares: Array
    log_likelihood: float


@dataclass(frozen=True)
class Exponential(Fake):
    """The exponential mixture, with sums."""

    def statistics(self, block: Array, parameters: Any) -> Sums:
        responsibilities = self.e_step(block, parameters)
        value = self.log_likelihood(block, parameters)
        return Sums(np.array(len(block)), responsibilities.sum(axis=0), block @ responsibilities, value)

    def merge(self, a: Sums, b: Sums) -> Sums:
        return Sums(a.rows + b.rows, a.counts + b.counts, a.sums + b.sums, a.log_likelihood + b.log_likelihood)

    def update(self, statistics: Sums, previous: Any = None) -> Any:
        if not (statistics.counts > 0).all():
            raise ValueError("component 0 has no points")
        return self.Parameters(statistics.counts / statistics.rows, statistics.counts / statistics.sums)


@dataclass(frozen=True)
class Spherical(Fake):
    """The spherical Gaussian mixture, with moments about the means of a block."""

    def statistics(self, block: Array, parameters: Any) -> Moments:
        responsibilities = self.e_step(block, parameters)
        counts = responsibilities.sum(axis=0)
        means = responsibilities.T @ block / counts[:, None]
        squares = np.array(
            [r @ np.square(block - m).sum(axis=1) for r, m in zip(responsibilities.T, means, strict=True)]
        )
        return Moments(np.array(len(block)), counts, means, squares, self.log_likelihood(block, parameters))

    def merge(self, a: Moments, b: Moments) -> Moments:
        """Of two blocks: Chan, Golub and LeVeque 1983, eq. (2.1)."""
        counts = a.counts + b.counts
        share = (b.counts / counts)[:, None]
        gap = b.means - a.means
        squares = a.squares + b.squares + a.counts * b.counts / counts * np.square(gap).sum(axis=1)
        value = a.log_likelihood + b.log_likelihood
        return Moments(a.rows + b.rows, counts, a.means + share * gap, squares, value)

    def update(self, statistics: Moments, previous: Any = None) -> Any:
        variances = statistics.squares / statistics.counts / statistics.means.shape[1]
        return self.Parameters(statistics.counts / statistics.rows, statistics.means, variances)


def _of(kind: Any, fake: Fake) -> Any:
    return kind(**{name: getattr(fake, name) for name in fake.__dataclass_fields__})


STREAMED_EXPONENTIAL: Any = _of(Exponential, EXPONENTIAL)
STREAMED_SPHERICAL: Any = _of(Spherical, SPHERICAL)
