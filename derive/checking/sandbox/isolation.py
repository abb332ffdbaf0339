"""Which isolation is in force: bubblewrap where it works, or none where the code is trusted."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from derive.checking.sandbox import layout, seccomp
from derive.checking.sandbox.limits import Limits
from derive.errors import InputError

_TRUSTED = "none: the code was trusted"


@dataclass(frozen=True)
class Isolation:
    """How submitted code is run. bwrap: the program, "" for none. says: what every result records."""

    says: str
    bwrap: str = ""
    known: str = ""

    def filter_descriptor(self) -> int | None:
        """A new descriptor from which the seccomp filter can be read, None where there is none."""
        program = seccomp.program() if self.bwrap else None
        if program is None:
            return None
        reading, writing = os.pipe()
        os.write(writing, program)  # a kilobyte: fits into any pipe
        os.close(writing)
        return reading

    def command(self, filtered: int | None, requests: int, answers: int, limits: Limits) -> list[str]:
        """The command line of the worker."""
        if not self.bwrap:
            return layout.trusted_command(requests, answers)
        return layout.command(self.bwrap, self.known, filtered, requests, answers, limits)

    def environment(self) -> Mapping[str, str]:
        """The environment: nothing of this process's own under bubblewrap."""
        return {} if self.bwrap else {**os.environ, **dict.fromkeys(layout.THREADS, "1")}


def trusted() -> Isolation:
    """No isolation: for code that is trusted."""
    return Isolation(_TRUSTED)


@cache
def bubblewrapped() -> Isolation:
    """Isolation by bubblewrap, without having tried whether it works. Raises InputError where it is not installed."""
    bwrap = layout.bubblewrap()
    if bwrap is None:
        raise InputError(
            "code is run in isolation only, and bubblewrap is not installed (Linux: package bubblewrap); "
            "--trust-code runs it without"
        )
    try:
        name, known = layout.version(bwrap), layout.options(bwrap)
    except (OSError, ValueError) as error:
        raise InputError(f"{bwrap} cannot be run ({error}); --trust-code runs code without isolation") from error
    filtered = ", filtered system calls" if seccomp.program() is not None else ""
    says = f"{name}: no network, read-only Python alone, no environment, own processes{filtered}, limited resources"
    return Isolation(says, bwrap, known)
