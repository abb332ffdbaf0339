"""Threads over blocks, with the linear algebra library held to one thread each.

NumPy's products and elementwise functions release the interpreter's lock, so that threads run at the same time.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

import scipy.linalg  # noqa: F401 - brings a second OpenBLAS, which the controller has to find as well
from threadpoolctl import ThreadpoolController

T = TypeVar("T")


def available() -> int:
    """Return how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


@cache
def architectures() -> frozenset[str]:
    """Return the processors that the linear algebra libraries at hand are tuned for."""
    return frozenset(str(library.get("architecture", "")) for library in _controller().info())


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="derive-kernel")


class _Limit:
    """One limit for all who ask for it at the same time: the last one to leave takes it away."""

    def __init__(self) -> None:
        self.lock, self.inside = threading.Lock(), 0
        self.limit: Any = None

    def forget(self) -> None:
        """Start anew in a forked process, where nobody is inside."""
        self.lock, self.inside = threading.Lock(), 0

    def enter(self) -> None:
        """Set the limit, where nobody has."""
        with self.lock:
            if self.inside == 0:
                self.limit = _controller().limit(limits=1, user_api="blas")
            self.inside += 1

    def leave(self) -> None:
        """Take the limit away, where nobody else needs it."""
        with self.lock:
            self.inside -= 1
            if self.inside == 0:
                self.limit.restore_original_limits()


_limit = _Limit()


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Hold the linear algebra library to one thread."""
    _limit.enter()
    try:
        yield
    finally:
        _limit.leave()


def _begin_in_child() -> None:
    """Forget the threads that a forked process does not have, and a lock that one of them may have had."""
    _pool.cache_clear()
    _limit.forget()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_begin_in_child)


def run_all(tasks: Sequence[Callable[[], T]]) -> list[T]:
    """Run tasks side by side, the first in this thread; return their results in order."""
    if len(tasks) == 1:
        return [tasks[0]()]
    pool = _pool(len(tasks) - 1)
    others: list[Any] = [pool.submit(task) for task in tasks[1:]]
    try:
        first = tasks[0]()
    finally:
        results = [other.exception() for other in others]  # all have ended before their buffers are used again
    for error in results:
        if error is not None:
            raise error
    return [first, *(other.result() for other in others)]
