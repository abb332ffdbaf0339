"""Processes side by side, each with a time limit for a file: one that hangs or crashes is replaced."""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from derive.checking.grading.job import Job
from derive.checking.grading.judged import Judged, State
from derive.checking.submitted import wire

WORKER = "derive.checking.grading.worker"
_SECONDS_TO_START = 120.0


class Pool:
    """A context manager; its processes start with the first files, and end with it, whatever happens."""

    def __init__(self, workers: int, module: str = WORKER) -> None:
        """workers: files that are judged at the same time. module: what runs in the processes."""
        self._module, self._count = module, workers
        self._threads = ThreadPoolExecutor(workers)
        self._idle: queue.SimpleQueue[_Process] = queue.SimpleQueue()
        self._started: list[_Process] = []
        self._lock = threading.Lock()
        self._closed = False

    def __enter__(self) -> Self:
        """Nothing to do: processes start when they are needed."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all processes; files that wait are not begun."""
        with self._lock:
            self._closed = True
            for process in self._started:
                process.stop()
        self._threads.shutdown(cancel_futures=True)
        for process in self._started:
            process.close()

    def judged(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, Judged]]:
        """Each job with what came of it, as they end."""
        waiting: dict[Future[Judged], Job] = {self._threads.submit(self._judge, job): job for job in jobs}
        while waiting:
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield waiting.pop(future), future.result()

    def _judge(self, job: Job) -> Judged:
        started = time.monotonic()
        process = self._process()
        try:
            judged = process.judge(job)
        finally:
            self._idle.put(process)
        return replace(judged, seconds=round(time.monotonic() - started, 2))

    def _process(self) -> "_Process":
        with contextlib.suppress(queue.Empty):
            return self._idle.get_nowait()
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is closed")
            process = _Process(self._module, self._count)
            self._started.append(process)
        return process


class _Process:
    """One process, started when it is needed, and anew after its end."""

    def __init__(self, module: str, workers: int) -> None:
        self._module, self._workers = module, workers
        self._process: subprocess.Popen[bytes] | None = None
        self._requests = self._answers = -1
        self._stopped = False

    def judge(self, job: Job) -> Judged:
        """Send the file, and wait for what comes of it."""
        limit = job.assignment.seconds
        try:
            if self._process is None:
                self._start()
            wire.send(self._requests, {"job": job.plain()}, {})
            head, _ = wire.receive(self._answers, limit)
            if "judged" in head:
                return Judged.of(head["judged"])
            return self._failed(job, State.CRASHED, str(head["fault"]))
        except wire.LateError:
            self._end()
            return self._failed(job, State.STOPPED, f"was stopped: not judged within {limit:g} s")
        except (wire.BrokenWireError, KeyError, TypeError, ValueError):
            return self._failed(job, State.CRASHED, f"ends the process that judges it ({self._end()})")

    def stop(self) -> None:
        """End the process from another thread; what waits for it then reads the end of its pipe."""
        self._stopped = True
        if self._process is not None:
            _kill(self._process)

    def close(self) -> None:
        """End the process, and give back its pipes."""
        if self._process is not None:
            self._end()

    def _failed(self, job: Job, state: State, says: str) -> Judged:
        return Judged(job.name, job.kind.value, state, says)

    def _start(self) -> None:
        requests, self._requests = os.pipe()
        self._answers, answers = os.pipe()
        paths = [str(Path(entry).absolute()) for entry in sys.path]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, with a module of this package
                [sys.executable, "-P", "-m", self._module, str(requests), str(answers)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(requests, answers),
                start_new_session=True,  # so that what it starts ends with it
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            )
        finally:
            os.close(requests)
            os.close(answers)
        if self._stopped:
            _kill(self._process)
        wire.send(self._requests, {"workers": self._workers}, {})
        wire.receive(self._answers, _SECONDS_TO_START)

    def _end(self) -> str:
        """End the process and all that it started; return how it ended."""
        process, self._process = self._process, None
        if process is None:
            return "it could not be started"
        os.close(self._requests)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.2)  # one that exited by itself tells how
        _kill(process)
        code = process.wait()
        os.close(self._answers)
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
