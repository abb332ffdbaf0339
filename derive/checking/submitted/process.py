"""Calling submitted code: in a process of its own with a time limit, or, for a function at hand, here."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from derive.checking.submitted import wire
from derive.checking.submitted.worker import answer
from derive.errors import InputError

Arrays = wire.Arrays
SECONDS = 10.0  # for one call
_SECONDS_TO_IMPORT = 120.0  # large frameworks take their time


class Submission(Protocol):
    """An M-step that somebody submits."""

    @property
    def name(self) -> str:
        """What it is called in messages."""
        ...

    def call(self, arrays: Mapping[str, Any], fields: Sequence[str]) -> tuple[dict[str, Any], Arrays]:
        """Call it once; see `derive.checking.submitted.worker.answer`. A head with "ended" cannot be tried again."""
        ...


class InProcess:
    """A function that is at hand: called here, without a time limit."""

    def __init__(self, function: Callable[..., Any]) -> None:
        """Take the function. Raises InputError for anything that cannot be called."""
        if not callable(function):
            raise InputError(f"{function!r} is no function: give an M-step, or its name as 'package.module:function'")
        self._function = function
        self.name = str(getattr(function, "__qualname__", type(function).__name__))

    def call(self, arrays: Mapping[str, Any], fields: Sequence[str]) -> tuple[dict[str, Any], Arrays]:
        """Call it once."""
        return answer(self._function, arrays, fields)


class OwnProcess:
    """The function that a text names, run in another process: it may hang, exit, print or eat memory.

    A context manager; the process is started at its first call and ended at the end.
    """

    def __init__(self, spec: str, fields: Sequence[str], seconds: float = SECONDS) -> None:
        """spec: package.module:function or file.py:function. seconds: for one call. Starts the process.

        Raises InputError where there is no such function.
        """
        self.name = spec
        self._fields, self._seconds = tuple(fields), seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._requests = self._answers = -1
        self._start()

    def __enter__(self) -> Self:
        """Nothing to do: it runs."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self._stop()

    def call(self, arrays: Mapping[str, Any], fields: Sequence[str]) -> tuple[dict[str, Any], Arrays]:
        """Call it once. After an end of the process it is started anew."""
        del fields  # told when the process was started
        if self._process is None:
            self._start()
        try:
            wire.send(self._requests, {}, arrays)
            return wire.receive(self._answers, self._seconds)
        except wire.LateError:
            self._stop()
            return {"fault": f"does not return within {self._seconds:g} s", "ended": True}, {}
        except wire.BrokenWireError:
            return {"fault": f"ends the process ({self._stop()})", "ended": True}, {}

    def _start(self) -> None:
        requests, self._requests = os.pipe()
        self._answers, answers = os.pipe()
        paths = [str(Path(entry).absolute()) for entry in sys.path]
        command = [sys.executable, "-P", "-m", "derive.checking.submitted.worker", str(requests), str(answers)]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, with a module of this package
                command,
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
        try:
            wire.send(self._requests, {"spec": self.name, "fields": self._fields}, {})
            head, _ = wire.receive(self._answers, _SECONDS_TO_IMPORT)
        except wire.LateError:
            self._stop()
            raise InputError(f"{self.name} could not be imported within {_SECONDS_TO_IMPORT:g} s") from None
        except wire.BrokenWireError:
            raise InputError(f"{self.name} ends the process when it is imported ({self._stop()})") from None
        if "refused" in head:
            self._stop()
            raise InputError(f"--m-step: {head['refused']}")

    def _stop(self) -> str:
        """End the process and all that it started; return how it ended."""
        process, self._process = self._process, None
        if process is None:
            return "it had ended"
        os.close(self._requests)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.2)  # one that waits for requests ends by itself, one that exited is collected
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
        os.close(self._answers)
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
