"""Threads of a process that was forked, and the limit of threads that several callers ask for at once."""

import os
import signal

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from derive.runtime.kernel import Kernel, featured, threads
from derive.runtime.kernel.threads import one_thread_each
from tests.catalogue.example import module


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no such processes here")
def test_a_forked_process_makes_threads_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(featured, "block_size", lambda *_: 64)
    rng = np.random.default_rng(1)
    code, X = module("gaussian-full"), rng.normal(size=(500, 2))
    start = code.m_step(X, rng.dirichlet([1.0, 2.0], size=500))
    driver = Kernel(code, threads=3)
    value = driver.em_step(X, start)[1]
    child = os.fork()
    if child == 0:
        signal.alarm(20)  # ends a process that waits for ever
        os._exit(0 if driver.em_step(X, start)[1] == value else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_the_limit_of_threads_is_taken_away_by_the_last_to_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pools:
        """A library of linear algebra with four threads."""

        number = 4

        def limit(self, limits: int, **_: object) -> "Pools":
            self.before, self.number = self.number, limits
            return self

        def restore_original_limits(self) -> None:
            self.number = self.before

    pools = Pools()
    monkeypatch.setattr(threads, "_controller", lambda: pools)
    first, second = one_thread_each(), one_thread_each()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert pools.number == 1
    second.__exit__(None, None, None)
    assert pools.number == 4


def test_the_library_has_its_threads_again_afterwards() -> None:
    def numbers() -> list[int]:
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    before = numbers()
    with one_thread_each():
        assert set(numbers()) <= {1}
    assert numbers() == before
