"""Answering requests to judge a file, one after the other, in a process of their own.

Messages are JSON by way of pipes of their own; what is printed goes nowhere.
"""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from derive.checking.grading.job import Job
from derive.checking.grading.judged import Judged
from derive.checking.submitted import wire


def serve(requests: int, answers: int, judging: Callable[[Job], Judged]) -> None:
    """Judge files until the pipe of requests is closed."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    head, _ = wire.receive(requests)
    _limit_memory(int(head["workers"]))
    wire.send(answers, {}, {})
    with contextlib.suppress(wire.BrokenWireError):
        while True:
            head, _ = wire.receive(requests)
            wire.send(answers, _answer(head, judging), {})


def _answer(head: dict[str, Any], judging: Callable[[Job], Judged]) -> dict[str, Any]:
    try:
        return {"judged": judging(Job.of(head["job"])).plain()}
    except MemoryError:
        return {"fault": "needs more memory than there is"}
    except RecursionError:
        return {"fault": "is nested too deeply"}
    except Exception as error:  # noqa: BLE001 - a fault of this program on one file is told, and the others go on
        said = " ".join(str(error).split())[:300]
        return {"fault": f"cannot be judged: {type(error).__name__}{': ' + said if said else ''}"}


def _end_with(parent: int) -> None:
    """End this process and all that it started once nobody waits for it any more, whatever it does just then."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.killpg(0, signal.SIGKILL)


def _limit_memory(workers: int) -> None:
    """A share of the machine's memory, so that one file cannot take that of the others."""
    with contextlib.suppress(ImportError, ValueError, OSError, AttributeError):
        import resource  # noqa: PLC0415 - there is none on some systems

        most = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 3 // 4 // max(workers, 1)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
