"""The limit of the machine: what one iteration costs at least, from rates that are measured in the same process."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from derive.runtime.kernel.threads import one_thread_each

_ORDER = 1000  # of the matrices whose product is timed
_EXPONENTIALS = 20_000  # which stay in a cache
_READ = 8_000_000  # numbers, 64 MB, more than a core's caches hold
_TRIES = 7


@dataclass(frozen=True)
class Rates:
    """Of one core, in float64: flops a second of a matrix product, seconds of an exponential, bytes read a second."""

    flops: float
    exponential: float
    read: float

    def limit(self, *, size: int, samples: int, components: int, features: int) -> float:
        """Seconds that an iteration takes at least.

        size: bytes of the data. features: F, functions of the data in which the log joint is linear, symmetric parts
        counted once. Logits and sufficient statistics are a product each, of 2 N F K flops; exponentials are N K:
        max(size / read, 4 N F K / flops + N K exponential).
        """
        computed = 4 * samples * features * components / self.flops + samples * components * self.exponential
        return max(size / self.read, computed)


def measure() -> Rates:
    """Measure the rates of one core; takes about a second. The best of some tries counts, as nothing can be faster."""
    rng = np.random.default_rng(0)
    A, B = rng.random((2, _ORDER, _ORDER))
    C = np.empty_like(A)
    exponents = -20 * rng.random(_EXPONENTIALS)
    out = np.empty_like(exponents)
    data = rng.random(_READ)
    with one_thread_each():
        product = _best(lambda: np.matmul(A, B, out=C), 1)
        exponential = _best(lambda: np.exp(exponents, out=out), 200)
        reading = _best(lambda: data @ data, 1)
    return Rates(2 * _ORDER**3 / product, exponential / _EXPONENTIALS, data.nbytes / reading)


def _best(work: Callable[[], Any], count: int) -> float:
    """CPU seconds of one call, the least of some tries of so many calls."""
    work()
    seconds = []
    for _ in range(_TRIES):
        start = time.process_time()
        for _ in range(count):
            work()
        seconds.append((time.process_time() - start) / count)
    return min(seconds)
