"""Where a model file declares what it declares: noted while the file runs, for messages that name the line."""

import contextlib
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

PACKAGE = str(Path(__file__).resolve().parents[1])


@dataclass(frozen=True)
class Declared:
    """A family or a model, and the file and line that made it."""

    thing: object
    file: str
    line: int

    @property
    def place(self) -> str:
        """The place in words; a file below the current folder is named from there."""
        path, here = Path(self.file), Path.cwd()
        return f"{path.relative_to(here) if path.is_relative_to(here) else path}, line {self.line}"


_NOTED: ContextVar[list[Declared] | None] = ContextVar("noted", default=None)


@contextlib.contextmanager
def noting() -> Iterator[list[Declared]]:
    """Collect what is declared until the end of the block."""
    found: list[Declared] = []
    token = _NOTED.set(found)
    try:
        yield found
    finally:
        _NOTED.reset(token)


def note(thing: object) -> None:
    """Note the line that declares a thing: the innermost one that is not of this package."""
    found = _NOTED.get()
    if found is None:
        return
    frame = sys._getframe(1)  # noqa: SLF001 - the only way to the caller's line that needs no trace of all frames
    while frame is not None and frame.f_code.co_filename.startswith((PACKAGE, "<")):
        if frame.f_back is None:
            return
        frame = frame.f_back
    found.append(Declared(thing, frame.f_code.co_filename, frame.f_lineno))
