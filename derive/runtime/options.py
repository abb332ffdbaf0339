"""How to run EM: the options that the library and the command line share, checked once."""

import math
from dataclasses import dataclass

from derive.errors import InputError
from derive.runtime.initialisation import INITS

TOL = 1e-7
MAX_ITER = 1000
N_INIT = 5


@dataclass(frozen=True)
class Options:
    """How to run EM.

    seed: of all randomness. tol: EM stops when an iteration raises the mean log-likelihood of a row by less, in nats.
    max_iter: iterations of a start at most. n_init: number of starts. init: see `initial_responsibilities`.
    """

    seed: int = 0
    tol: float = TOL
    max_iter: int = MAX_ITER
    n_init: int = N_INIT
    init: str = "kmeans"

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
