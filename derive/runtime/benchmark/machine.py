"""What a run's figures belong to: the processors, the linear algebra library, and settings that falsify them."""

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.linalg  # noqa: F401 - brings a second OpenBLAS, which is reported as well
from threadpoolctl import threadpool_info

from derive.runtime.kernel.threads import available

#: These make OpenBLAS run code, or use cache sizes, of another processor than the one at hand.
MISLEADING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
_IDLE = 0.5  # a load above it is not this program's start


@dataclass(frozen=True)
class Machine:
    """processors: how many this process may use. libraries: of linear algebra. forced: what stands in MISLEADING.

    load: how many processes were running before the run began, on average over a minute; None where it is not known.
    """

    processors: int
    python: str
    numpy: str
    libraries: tuple[str, ...]
    forced: tuple[str, ...]
    load: float | None = None

    @property
    def is_busy(self) -> bool:
        """Whether other programs were running, so that wall times, and to a lesser degree CPU times, are too long."""
        return self.load is not None and self.load > _IDLE

    @property
    def warning(self) -> str:
        """One sentence where the environment makes the figures say nothing about the machine, else nothing."""
        if not self.forced:
            return ""
        verb = "is" if len(self.forced) == 1 else "are"
        return (
            f"{' and '.join(self.forced)} {verb} set, so that OpenBLAS runs as on another processor: these figures say "
            "nothing about this machine. Unset and run again."
        )


def load_average() -> float | None:
    """How many processes were running over the last minute; to be asked before the run adds its own."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def machine(environment: Mapping[str, str] | None = None, load: float | None = None) -> Machine:
    """Describe the machine at hand, after all that is timed was loaded. environment: by default that of the process."""
    given = os.environ if environment is None else environment
    libraries = sorted(
        {
            f"{library['internal_api']} {library['version']} ({library.get('architecture', 'unknown processor')})"
            for library in threadpool_info()
            if library["user_api"] == "blas"
        }
    )
    forced = tuple(f"{name}={given[name]}" for name in MISLEADING if name in given)
    return Machine(available(), platform.python_version(), np.__version__, tuple(libraries), forced, load)
