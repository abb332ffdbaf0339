"""A submission that is run: what functions it has, and what they return. A process that ends is replaced by another."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import TracebackType
from typing import Any, Self

from derive.checking.sandbox.child import Child, StoppedError
from derive.checking.sandbox.inside.wire import Array
from derive.checking.sandbox.isolation import Isolation, bubblewrapped, trusted
from derive.checking.sandbox.limits import Limits
from derive.errors import InputError

_STARTS = 2.5  # seconds that Python and NumPy may take beside the submission's own import
_CONTROL = "def probe():\n    return 1.0\n"
Value = tuple[Any, ...]


@dataclass(frozen=True)
class Function:
    """A function of a submission. parameters: name, kind as `inspect` calls it, whether there is a default; or None."""

    path: str
    line: int
    parameters: tuple[tuple[str, str, bool], ...] | None


@dataclass(frozen=True)
class Returned:
    """What one call gave: labels and arrays, or why there are none. changed: the arrays that it was given, changed.

    in_place: whether the arrays are those that it changed, where it returned nothing itself.
    """

    labels: tuple[str, ...] = ()
    arrays: tuple[Array, ...] = ()
    changed: tuple[str, ...] = ()
    in_place: bool = False
    fault: str = ""
    stopped: bool = False


@dataclass(frozen=True)
class Call:
    """One call. arguments, state: name ("" for one by position) and what to give, as the worker understands it.

    state: attributes that are set on the object of a method before; read: those that are its result if it returns None.
    """

    path: str
    arguments: tuple[tuple[str, Value], ...]
    arrays: Mapping[str, Array] = field(default_factory=dict)
    state: tuple[tuple[str, Value], ...] = ()
    read: tuple[str, ...] = ()


class Session:
    """A context manager around one submission; nothing of it is left at its end."""

    def __init__(self, isolation: Isolation, source: bytes, name: str, limits: Limits | None = None) -> None:
        """source: of the file; name: as it stands in its messages."""
        self.isolation = isolation
        self._source, self._name, self._limits = source, name, limits or Limits()
        self._child: Child | None = None
        self._left = self._limits.total
        self._printed: list[str] = []
        self.raised = ""  # by the file itself, outside of its functions

    def __enter__(self) -> Self:
        """Nothing runs yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self._end()

    @property
    def printed(self) -> str:
        """What was printed so far, cut where it is long."""
        return "".join(self._printed)

    def functions(self) -> tuple[Function, ...]:
        """Run the file; return its functions. Raises StoppedError where it ends or hangs."""
        return self._start()

    def call(self, call: Call) -> Returned:
        """Call a function; after an end of the process in another one, with all of the time that is left."""
        try:
            if self._child is None:
                self._start()
            head = {"path": call.path, "arguments": call.arguments, "state": call.state, "read": call.read}
            answer, arrays = self._ask(head, call.arrays, self._limits.seconds)
        except StoppedError as stopped:
            return Returned(fault=str(stopped), stopped=True)
        if "raised" in answer:
            return Returned(fault=f"it raises {_line(answer['raised'])}")
        if "unusable" in answer:
            return Returned(fault=f"it returns {_line(answer['unusable'])}")
        labels, changed = _texts(answer.get("labels")), _texts(answer.get("changed"))
        if labels is None or changed is None or len(labels) != len(arrays):
            self._end()
            return Returned(fault="it wrote to the channel of results, and what came is no result", stopped=True)
        in_place = answer.get("in_place") is True
        return Returned(labels, tuple(arrays.values()), changed, in_place)

    def restart(self) -> None:
        """Let the next call find the file as if nothing had been called."""
        self._end()

    def _start(self) -> tuple[Function, ...]:
        self._end()
        self._child = Child(self.isolation, self._limits)
        limits = self._limits
        counted = {
            "RLIMIT_CPU": limits.cpu,
            "RLIMIT_AS": limits.memory,
            "RLIMIT_FSIZE": limits.file,
            "RLIMIT_NOFILE": limits.files,
            "RLIMIT_CORE": 0,
            "RLIMIT_MEMLOCK": 0,
            "RLIMIT_MSGQUEUE": 0,
        }
        source = self._source.decode("utf-8", "surrogateescape")
        head = {"source": source, "name": self._name, "limits": counted}
        answer, _ = self._ask(head, {}, self._limits.seconds + _STARTS)
        self.raised = _line(answer.get("raised", ""))
        try:
            return tuple(map(_function, answer["functions"]))
        except (KeyError, TypeError, ValueError) as error:
            self._end()
            raise StoppedError("it wrote to the channel of results, and what came is no result") from error

    def _ask(
        self, head: Mapping[str, Any], arrays: Mapping[str, Array], seconds: float
    ) -> tuple[dict[str, Any], dict[str, Array]]:
        child = self._child
        if child is None or self._left <= 0:
            raise StoppedError(f"there was no time left of the {self._limits.total:g} s for the file")
        began = time.monotonic()
        try:
            return child.ask(head, arrays, min(seconds, self._left))
        except StoppedError:
            self._end()
            raise
        finally:
            self._left -= time.monotonic() - began

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.stop()
            text = child.printed.decode("utf-8", "replace")
            if child.dropped:
                text += f"\n... and {child.dropped} bytes more\n"
            if text and sum(map(len, self._printed)) < self._limits.printed:
                self._printed.append(text)


@cache
def isolated() -> Isolation:
    """Isolation that was seen to work, tried once. Raises InputError where there is none on this machine."""
    isolation = bubblewrapped()
    with Session(isolation, _CONTROL.encode(), "probe.py", Limits(seconds=20.0, total=40.0)) as session:
        try:
            session.functions()
            returned = session.call(Call("probe", ()))
            fault = returned.fault or session.raised
        except StoppedError as stopped:
            fault = str(stopped)
        except OSError as error:
            fault = str(error)
    if fault:
        said = " ".join(session.printed.split())[:200]
        raise InputError(
            f"code is run in isolation only, and bubblewrap does not work here ({said or fault}); "
            "--trust-code runs it without"
        )
    return isolation


def in_force(*, trust_code: bool) -> Isolation:
    """The isolation to run submissions in: the strongest there is, none only where the code is trusted."""
    return trusted() if trust_code else isolated()


def _function(described: Any) -> Function:  # noqa: ANN401 - as it came
    parameters = described["parameters"]
    if parameters is not None:
        parameters = tuple((str(name), str(kind), bool(default)) for name, kind, default in parameters)
    return Function(str(described["path"]), int(described["line"]), parameters)


def _texts(value: object) -> tuple[str, ...] | None:
    fits = isinstance(value, list) and all(isinstance(part, str) for part in value)
    return tuple(map(str, value)) if fits and isinstance(value, list) else None


def _line(value: object) -> str:
    return " ".join(str(value).split())[:500]
