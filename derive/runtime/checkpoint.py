"""Checkpoints: where a fit stands, on disk after each iteration, so that it goes on after a kill as if nothing was.

The file is replaced as a whole, so there is always one that is complete. Numbers are kept bit for bit.
"""

import base64
import hashlib
import inspect
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from derive.errors import InputError
from derive.runtime.protocol import GeneratedModule
from derive.runtime.shapes import sizes_of_parameters

_FORMAT = "derive checkpoint 2"
_UNREADABLE = (OSError, ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True)
class Run:
    """Where a start ended. history: the objective at the start and after each iteration, at the last temperature."""

    parameters: Any
    converged: bool
    history: tuple[float, ...]
    iterations: int


@dataclass(frozen=True)
class Place:
    """Where a start is after an iteration.

    following: the parameters after these. stage: which temperature of a schedule, from 0. earlier: the iterations at
    those before it.
    """

    parameters: Any
    following: Any
    history: tuple[float, ...]
    stage: int = 0
    earlier: int = 0


@dataclass
class Checkpoint:
    """A file and what it holds. identity: what the fit is of; a file with another one is refused."""

    path: Path
    module: GeneratedModule
    identity: Mapping[str, Any]
    done: list[Run | str] = field(default_factory=list)
    current: Place | None = None

    def __post_init__(self) -> None:
        """Raises InputError for a file that is no checkpoint, or one of another fit."""
        if not self.path.exists():
            return
        try:
            content = json.loads(self.path.read_text("utf-8"))
            kept = dict(content["identity"]) if content["format"] == _FORMAT else {}
        except _UNREADABLE as error:
            raise self.refused() from error
        wanted = json.loads(json.dumps(self.identity))
        other = [name for name in wanted if kept.get(name) != wanted[name]]
        if other:
            differs = ", ".join(other)
            raise InputError(
                f"{self.path} is the checkpoint of another fit ({differs} differ); give that fit's model, data and "
                "options, or name another file for --checkpoint"
            )
        try:
            self.done = [one if isinstance(one, str) else self._run(one) for one in content["done"]]
            self.current = None if content["current"] is None else self._place(content["current"])
        except _UNREADABLE as error:
            raise self.refused() from error

    def refused(self) -> InputError:
        """What is said of a file that cannot be one of this fit."""
        return InputError(f"{self.path} is no checkpoint of a fit; name another file for --checkpoint")

    def finished(self, start: int) -> Run | str | None:
        """How this start ended, as a run or as the reason why it was given up; None if it has not."""
        return self.done[start] if start < len(self.done) else None

    def finish(self, end: Run | str) -> None:
        """Keep the end of the current start."""
        self.done.append(end)
        self.current = None
        self.write()

    def write(self) -> None:
        """Replace the file. Raises InputError where that is not possible."""
        current = self.current
        content = {
            "format": _FORMAT,
            "identity": self.identity,
            "done": [
                end
                if isinstance(end, str)
                else {
                    "parameters": _packed(end.parameters),
                    "converged": end.converged,
                    "history": [value.hex() for value in end.history],
                    "iterations": end.iterations,
                }
                for end in self.done
            ],
            "current": None
            if current is None
            else {
                "parameters": _packed(current.parameters),
                "following": _packed(current.following),
                "history": [value.hex() for value in current.history],
                "stage": current.stage,
                "earlier": current.earlier,
            },
        }
        partial = self.path.with_name(self.path.name + ".part")
        try:
            with partial.open("w", encoding="utf-8") as file:
                json.dump(content, file)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self.path)
        except OSError as error:
            with suppress(OSError):  # no half of a file is left
                partial.unlink()
            reason = (error.strerror or str(error)).lower()
            raise InputError(f"--checkpoint {self.path} cannot be written: {reason}") from None

    def _run(self, kept: Mapping[str, Any]) -> Run:
        history = _history(kept)
        return Run(self._unpacked(kept["parameters"]), bool(kept["converged"]), history, int(kept["iterations"]))

    def _place(self, kept: Mapping[str, Any]) -> Place:
        history = _history(kept)
        if min(int(kept["stage"]), int(kept["earlier"])) < 0:
            raise ValueError("a stage is counted from 0")
        parameters, following = self._unpacked(kept["parameters"]), self._unpacked(kept["following"])
        return Place(parameters, following, history, int(kept["stage"]), int(kept["earlier"]))

    def _unpacked(self, packed: Mapping[str, Any]) -> Any:
        fields = {
            name: np.frombuffer(base64.b64decode(kept["data"]), kept["dtype"]).reshape(kept["shape"]).copy()
            for name, kept in packed.items()
        }
        parameters = self.module.Parameters(**fields)
        try:
            sizes_of_parameters(self.module, parameters)
        except InputError as error:
            raise ValueError(str(error)) from error
        return parameters


def _history(kept: Mapping[str, Any]) -> tuple[float, ...]:
    """The objective so far, at least at the start."""
    first, *others = (float.fromhex(value) for value in kept["history"])
    return first, *others


@dataclass(frozen=True)
class Bookmark:
    """The place of one start in a checkpoint, at one temperature of its schedule. earlier: see `Place`."""

    checkpoint: Checkpoint
    stage: int = 0
    earlier: int = 0

    @property
    def reached(self) -> tuple[int, int]:
        """The temperature at which the start was, and the iterations before it."""
        current = self.checkpoint.current
        return (0, 0) if current is None else (current.stage, current.earlier)

    @property
    def kept(self) -> Place | None:
        """Where the start was at this temperature, None if it has not begun."""
        current = self.checkpoint.current
        return current if current is not None and current.stage == self.stage else None

    def at(self, stage: int, earlier: int) -> "Bookmark":
        """The place at another temperature."""
        return replace(self, stage=stage, earlier=earlier)

    def save(self, place: Place) -> None:
        """Keep where the start is now."""
        self.checkpoint.current = replace(place, stage=self.stage, earlier=self.earlier)
        self.checkpoint.write()


def digest_of_starts(starts: Iterable[Any]) -> str:
    """Of what a fit was told to start from."""
    digest = hashlib.sha256()
    for start in starts:
        for part in (start,) if isinstance(start, np.ndarray) else start:
            array = np.asarray(part)
            digest.update(f"{array.dtype.str} {array.shape} ".encode() + array.tobytes())
        digest.update(b";")
    return digest.hexdigest()


def digest_of(module: GeneratedModule) -> str:
    """Of the module's source text, else of its name and shapes."""
    try:
        text = inspect.getsource(module)  # type: ignore[arg-type]
    except (TypeError, OSError):
        text = repr((module.MODEL, dict(module.PARAMETER_SHAPES), dict(module.KNOWNS)))
    return hashlib.sha256(text.encode()).hexdigest()


def _packed(parameters: Any) -> dict[str, Any]:
    found = {}
    for name, value in zip(parameters._fields, parameters, strict=True):
        array = np.asarray(value)
        data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
        found[name] = {"dtype": array.dtype.str, "shape": list(array.shape), "data": data}
    return found
