"""How the kernel's time grows with N, K and D: slopes in log-log scale."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from derive.runtime.benchmark.clock import interleaved
from derive.runtime.benchmark.draw import drawn
from derive.runtime.benchmark.program import kernel_program
from derive.runtime.protocol import GeneratedModule

FACTORS = (1, 2, 4, 8)


@dataclass(frozen=True)
class Growth:
    """axis: N, D or K. sizes: of it, the others as in base. seconds: CPU, one core. slope: of log time on log size."""

    model: str
    axis: str
    base: tuple[int, int, int]
    sizes: tuple[int, ...]
    seconds: tuple[float, ...]
    slope: float


def slope(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """The least-squares slope of log seconds on log size: p where seconds grow as size to the p."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def growth(module: GeneratedModule, base: tuple[int, int, int], repeats: int) -> tuple[Growth, ...]:
    """Times of the kernel from the base size up, one size at a time. D grows for models of rows of any length only."""
    found = []
    for place, axis in enumerate("NDK"):
        if axis == "D" and not any(isinstance(length, str) for length in module.EVENT_SHAPE):
            continue
        sizes = tuple(base[place] * factor for factor in FACTORS)
        problems = [drawn(module, (*base[:place], size, *base[place + 1 :])) for size in sizes]  # type: ignore[arg-type]
        programs = [kernel_program(problem) for problem in problems]
        seconds = tuple(max(timing.seconds, 1e-9) for timing in interleaved(programs, 1, repeats))
        found.append(Growth(module.MODEL, axis, base, sizes, seconds, slope(sizes, seconds)))
    return tuple(found)
