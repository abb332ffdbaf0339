"""The process that runs submitted code, from outside: started, asked with a time limit, ended with its whole tree."""

import contextlib
import os
import secrets
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from typing import Any

from derive.checking.sandbox.inside import wire
from derive.checking.sandbox.isolation import Isolation
from derive.checking.sandbox.limits import Limits

_PIECE = 1 << 16


class StoppedError(Exception):
    """There will be no answer; the message says why: "it does not return within 3 s", "it ended its process ..."."""


class Child:
    """A process with the source of a submission. ``printed`` is what it wrote so far, cut where it is long."""

    def __init__(self, isolation: Isolation, limits: Limits) -> None:
        """Start it; the submission is not yet run."""
        self.printed = b""
        self.dropped = 0
        self._limits = limits
        requests, self._requests = os.pipe()
        self._answers, answers = os.pipe()
        self._output, output = os.pipe()
        scratch = None if isolation.bwrap else tempfile.TemporaryDirectory(prefix="derive-")
        self._scratch = scratch
        with contextlib.ExitStack() as open_here:
            for descriptor in (requests, answers, output):
                open_here.callback(os.close, descriptor)
            filtered = isolation.filter_descriptor()
            if filtered is not None:
                open_here.callback(os.close, filtered)
            self._process = subprocess.Popen(  # noqa: S603 - bubblewrap or this interpreter, with a worker of ours
                isolation.command(filtered, requests, answers, limits),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[fd for fd in (requests, answers, filtered) if fd is not None],
                start_new_session=True,
                env=isolation.environment(),
                cwd="/" if scratch is None else scratch.name,
            )
        for descriptor in (self._requests, self._answers, self._output):
            os.set_blocking(descriptor, False)

    def ask(
        self, head: Mapping[str, Any], arrays: Mapping[str, wire.Array], seconds: float
    ) -> tuple[dict[str, Any], dict[str, wire.Array]]:
        """Send a message and return its answer. Raises StoppedError, after which the process is gone."""
        nonce = secrets.token_hex(8)
        try:
            answer, found = self._exchange(wire.packed({**head, "nonce": nonce}, arrays), seconds)
        except wire.BrokenWireError:
            self.stop()
            raise StoppedError("it wrote to the channel of results, and what came is no result") from None
        except TimeoutError:
            self.stop()
            raise StoppedError(f"it does not return within {seconds:.2g} s") from None
        except EOFError:
            raise StoppedError(self._ended()) from None
        if answer.pop("nonce", None) != nonce:
            self.stop()
            raise StoppedError("it wrote to the channel of results, and what came is no result")
        return answer, found

    def stop(self) -> int | None:
        """End it with all that it started; returns the exit code it had. What it printed is read to its end."""
        if self._requests < 0:
            return self._process.returncode
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(0.05)
        ended = self._process.poll()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._drain(time.monotonic() + 2.0)  # ends when the last process of the tree has gone
        for descriptor in (self._requests, self._answers, self._output):
            os.close(descriptor)
        self._requests = -1
        if self._scratch is not None:
            self._scratch.cleanup()
        return ended

    def _exchange(self, message: bytes, seconds: float) -> tuple[dict[str, Any], dict[str, wire.Array]]:
        until = time.monotonic() + seconds
        left, came, sizes = memoryview(message), bytearray(), (0, 0)
        wanted = wire.LENGTHS.size
        with selectors.DefaultSelector() as selector:
            selector.register(self._requests, selectors.EVENT_WRITE)
            selector.register(self._answers, selectors.EVENT_READ)
            selector.register(self._output, selectors.EVENT_READ)
            while len(came) < wanted:
                remaining = until - time.monotonic()
                if remaining <= 0:
                    raise TimeoutError
                for key, _ in selector.select(remaining):
                    if key.fd == self._requests:
                        left = self._written(left)
                        if not left:
                            selector.unregister(self._requests)
                    elif key.fd == self._output:
                        if not self._heard():
                            selector.unregister(self._output)
                    else:
                        piece = os.read(self._answers, min(_PIECE, wanted - len(came)))
                        if not piece:
                            raise EOFError
                        came += piece
                if len(came) == wanted == wire.LENGTHS.size:
                    sizes = wire.lengths(bytes(came))
                    wanted += sum(sizes)
        text = bytes(came[wire.LENGTHS.size : wire.LENGTHS.size + sizes[0]])
        return wire.unpacked(text, bytes(came[wire.LENGTHS.size + sizes[0] :]))

    def _written(self, left: memoryview) -> memoryview:
        try:
            return left[os.write(self._requests, left[:_PIECE]) :]
        except BlockingIOError:
            return left
        except BrokenPipeError:
            raise EOFError from None

    def _heard(self) -> bool:
        """Read some of what was printed; False at its end."""
        try:
            piece = os.read(self._output, _PIECE)
        except BlockingIOError:
            return True
        room = self._limits.printed - len(self.printed)
        self.printed += piece[:room]
        self.dropped += max(0, len(piece) - room)
        return bool(piece)

    def _drain(self, until: float) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._output, selectors.EVENT_READ)
            while (remaining := until - time.monotonic()) > 0:
                if selector.select(remaining) and not self._heard():
                    return

    def _ended(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(0.5)
        code = self.stop()
        if code is None:
            return "it closed the channel of results"
        number = -code if code < 0 else code - 128 if 128 < code < 128 + 65 else 0
        if number:
            name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
            why = {"SIGXCPU": ", after too much computing time", "SIGXFSZ": ", after too large a file"}.get(name, "")
            return f"its process was ended by {name}{why}"
        return f"it ended its process with exit code {code}"
