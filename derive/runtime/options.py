"""How to run EM: the options that the library and the command line share, checked once."""

import math
from dataclasses import dataclass

from derive.errors import InputError
from derive.runtime.initialisation import INITS
from derive.runtime.modes import MODES

TOL = 1e-7
MAX_ITER = 1000
N_INIT = 5
TEMPERATURES = (4.0, 3.0, 2.0, 1.5, 1.2, 1.0)


@dataclass(frozen=True)
class Options:
    """How to run EM.

    seed: of all randomness. tol: EM stops when an iteration raises the objective by less, in nats a row.
    max_iter: iterations of a start at most, in annealed mode at each temperature. n_init: number of starts. init: see
    `initial_responsibilities`. mode: see `modes`. temperatures: of annealed mode, positive, the last one 1.
    """

    seed: int = 0
    tol: float = TOL
    max_iter: int = MAX_ITER
    n_init: int = N_INIT
    init: str = "kmeans"
    mode: str = "soft"
    temperatures: tuple[float, ...] | None = None

    @property
    def schedule(self) -> tuple[float, ...]:
        """The temperatures of annealed mode, in turn."""
        return TEMPERATURES if self.temperatures is None else self.temperatures

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise InputError(f"--seed must be 0 or more, not {self.seed}")
        if not (self.tol > 0 and math.isfinite(self.tol)):
            raise InputError(f"--tol must be a positive number, not {self.tol:g}")
        if self.max_iter < 1:
            raise InputError(f"--max-iter must be 1 or more, not {self.max_iter}")
        if self.n_init < 1:
            raise InputError(f"--n-init must be 1 or more, not {self.n_init}")
        if self.init not in INITS:
            raise InputError(f"--init {self.init!r} is unknown; there is: {', '.join(INITS)}")
        if self.mode not in MODES:
            raise InputError(f"--mode {self.mode!r} is unknown; there is: {', '.join(MODES)}")
        if self.temperatures is not None:
            self._check_temperatures(self.temperatures)

    def _check_temperatures(self, temperatures: tuple[float, ...]) -> None:
        if self.mode != "annealed":
            raise InputError("--temperatures belong to annealed EM: add --mode annealed")
        for temperature in temperatures:
            if not (temperature > 0 and math.isfinite(temperature)):
                raise InputError(f"a temperature must be a positive number, not {temperature:g}")
        if not temperatures or temperatures[-1] != 1:
            raise InputError("the last of the --temperatures must be 1, which is ordinary EM, as in 4,2,1")
