"""Seconds of an iteration: in turns, medians, with the set-up of a program removed; and the memory of its arrays."""

import math
import statistics
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from derive.runtime.benchmark.program import Program, limited

Clock = Callable[[], float]
_SHORTEST = 0.05  # seconds; a shorter measurement repeats the iteration
_MOST = 1000
_MOST_OF_A_FIT = 20


@dataclass(frozen=True)
class Timing:
    """Seconds of an iteration: the median of the repetitions, and the distance of their quartiles.

    failure: what went wrong in a program that ran once but not to the end; its seconds are then NaN.
    """

    seconds: float
    spread: float
    failure: Exception | None = None


def interleaved(programs: Sequence[Program], threads: int, repeats: int, clock: Clock | None = None) -> list[Timing]:
    """Time the programs in turns, in their order; each has run before.

    clock: by default CPU seconds of the process on one thread, else seconds that pass.
    """
    now = clock or (time.process_time if threads == 1 else time.perf_counter)
    with limited(threads):
        counts = [_iterations(program, threads, now) for program in programs]
        seconds: list[list[float]] = [[] for _ in programs]
        failures: dict[int, Exception] = {}
        for _ in range(repeats):
            for place, program in enumerate(programs):
                if place not in failures:
                    try:
                        seconds[place].append(_once(program, counts[place], threads, now))
                    except Exception as error:  # noqa: BLE001 - one program's failure is no reason to lose the others
                        failures[place] = error
    return [
        Timing(math.nan, math.nan, failures[place]) if place in failures else _timing(taken)
        for place, taken in enumerate(seconds)
    ]


def _once(program: Program, count: int, threads: int, now: Clock) -> float:
    """Seconds of an iteration, from one measurement of so many."""
    start = now()
    if not program.has_setup:
        for _ in range(count):
            program.run(1, threads)
        return (now() - start) / count
    program.run(1, threads)
    middle = now()
    program.run(1 + count, threads)
    return ((now() - middle) - (middle - start)) / count


def _iterations(program: Program, threads: int, now: Clock) -> int:
    """How many iterations a measurement takes so that it is not too short for the clock."""
    start = now()
    program.run(1, threads)
    taken = max(now() - start, 1e-6)
    # A difference of two times needs more to stand out; but a fit of many iterations may converge and stop.
    least, most = (3, _MOST_OF_A_FIT) if program.has_setup else (1, _MOST)
    return min(most, max(least, math.ceil(_SHORTEST / taken)))


def _timing(taken: Sequence[float]) -> Timing:
    if len(taken) < 2:
        return Timing(taken[0], 0.0)
    low, _, high = statistics.quantiles(taken, n=4, method="inclusive")
    return Timing(statistics.median(taken), high - low)


def peak_memory(program: Program) -> int | None:
    """Bytes that NumPy and Python hold at most during a first run, beyond the data; None if they do not see them."""
    if not program.by_numpy:
        return None
    with limited(1):
        tracemalloc.start()
        try:
            program.run(1, 1)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
