"""How many samples make a block: what is computed of them stays in the cache, and calls cost little beside the work."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from derive.runtime.kernel.threads import architectures

SMALLEST, LARGEST = 320, 8256
MOST_BYTES = 12e6  # of a thread's features, whatever their number
ODD = 64  # blocks of an odd multiple of this: strides that are powers of two fall into the same cache lines
# OpenBLAS has kernels of its own for small matrices on processors with AVX-512: a product of m × b by b × n is done
# by them while m n b is below this, at two to three times the rate that follows.
SMALL_PRODUCT = 950_000
WITH_SMALL_KERNELS = frozenset({"SkylakeX", "Cooperlake", "SapphireRapids"})
FEW, FEW_FEATURES = 40, 20
USED_OF_L2 = 0.55
USED_OF_L3 = 0.15  # of each core


@dataclass(frozen=True)
class Caches:
    """Bytes of the second-level cache of a core, and of the third-level cache that cores share."""

    second: int
    third: int


@cache
def caches() -> Caches:
    """Return the sizes that the system tells; one and sixteen megabytes where it does not."""
    return Caches(_told("2") or 2**20, _told("3") or 2**24)


def _told(name: str) -> int:
    """A size in bytes by the system's configuration, or else by its description of the first processor."""
    try:
        known = os.sysconf(f"SC_LEVEL{name}_CACHE_SIZE")
    except (ValueError, OSError, AttributeError):
        known = 0
    if known > 0:
        return known
    for index in Path("/sys/devices/system/cpu/cpu0/cache").glob("index*"):
        try:
            if (index / "level").read_text().strip() == name:
                return int((index / "size").read_text().strip().removesuffix("K")) * 1024
        except (ValueError, OSError):
            continue
    return 0


def block_size(features: int, components: int, itemsize: int) -> int:
    """Return how many samples make a block, for so many features and components of so many bytes each."""
    sizes, small = caches(), not WITH_SMALL_KERNELS.isdisjoint(architectures())
    room = USED_OF_L2 * sizes.second
    if not small:
        room = max(room, USED_OF_L3 * sizes.third)
    wanted = room / (itemsize * (features + components))
    most = SMALL_PRODUCT / (features * components)
    if small and most >= 8 * ODD:
        wanted = min(wanted, most)
    smallest = min(SMALLEST, MOST_BYTES / (itemsize * (features + components)))
    return odd_multiple(min(max(wanted, smallest), LARGEST))


def few(components: int, features: int) -> bool:
    """Whether a product with so few rows is done faster as one product with a vector for each component."""
    return components * min(features, FEW_FEATURES) <= FEW


def odd_multiple(size: float) -> int:
    """Return the largest odd multiple of 64 that is not larger, at least 64."""
    multiple = max(int(size) // ODD, 1)
    return ODD * (multiple - 1 + multiple % 2)


def ranges(rows: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of each block."""
    for start in range(0, rows, size):
        yield start, min(start + size, rows)
