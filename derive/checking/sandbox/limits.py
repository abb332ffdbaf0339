"""How much submitted code may use."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """For one process. Sizes in bytes, times in seconds.

    seconds: for one answer, by the clock. total: for all answers together. cpu: of all threads. memory: of addresses,
    which counts what is mapped, also of libraries (half a gigabyte with SciPy). scratch: of the only writable folder.
    printed: what is kept of the output; the rest is read and dropped.
    """

    seconds: float = 2.5
    total: float = 7.0
    cpu: int = 7
    memory: int = 2 << 30
    file: int = 8 << 20
    files: int = 64
    scratch: int = 16 << 20
    printed: int = 16 << 10
