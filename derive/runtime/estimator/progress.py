"""What a fit tells while it runs, as scikit-learn's ``verbose`` asks for it."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter


@dataclass
class Progress:
    """Lines on standard output: verbose 0 none; 1 starts and iterations; from 2 also their time and gain."""

    verbose: int
    interval: int
    began: float = field(default_factory=perf_counter)
    last: float = field(default_factory=perf_counter)

    def start(self, number: int) -> None:
        """A start begins."""
        self.began = self.last = perf_counter()
        self._say(f"Initialization {number}")

    def iteration(self, number: int, gain: float) -> None:
        """An iteration ended; gain: of the objective, in nats a row."""
        if number % self.interval:
            return
        now = perf_counter()
        more = f"\t time lapse {now - self.last:.5f}s\t ll change {gain:.5f}" if self.verbose > 1 else ""
        self.last = now
        self._say(f"  Iteration {number}{more}")

    def end(self, value: float, *, converged: bool) -> None:
        """A start ended at this objective, in nats a row."""
        more = f" time lapse {perf_counter() - self.began:.5f}s\t lower bound {value:.5f}." if self.verbose > 1 else ""
        self._say(f"Initialization {'converged' if converged else 'did not converge'}.{more}")

    def of_driver(self, rows: float) -> Callable[[int, int, float], None]:
        """What the driver tells: the numbers of start and iteration, and the objective; rows: what it is a sum of."""
        last = 0.0

        def told(number: int, iteration: int, value: float) -> None:
            nonlocal last
            if iteration == 0:
                self.start(number)
            else:
                self.iteration(iteration, (value - last) / rows)
            last = value

        return told

    def _say(self, line: str) -> None:
        if self.verbose:
            sys.stdout.write(line + "\n")
