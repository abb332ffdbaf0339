"""Messages between the trial and the process that runs submitted code: a JSON head, then arrays in NPY format.

Nothing is pickled: whatever the other side sends can at worst be refused. This file imports nothing of the package, so
that the process of the submitted code can run it by itself.
"""

import io
import json
import os
import select
import struct
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]
LARGEST = 1 << 28  # bytes of one part of a message
_PARTS = 1000  # arrays of one message
_LENGTH = struct.Struct(">Q")


class BrokenWireError(Exception):
    """The other side has gone, or sends something that is no message."""


class LateError(Exception):
    """Nothing came in time."""


def send(descriptor: int, head: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write one message. Raises BrokenWireError where nobody reads."""
    parts = [json.dumps({"head": head, "arrays": list(arrays)}).encode()]
    for array in arrays.values():
        buffer = io.BytesIO()
        np.save(buffer, array, allow_pickle=False)
        parts.append(buffer.getvalue())
    content = memoryview(b"".join(_LENGTH.pack(len(part)) + part for part in parts))
    try:
        while content:
            content = content[os.write(descriptor, content) :]
    except OSError as error:
        raise BrokenWireError from error


def receive(descriptor: int, seconds: float | None = None) -> tuple[dict[str, Any], Arrays]:
    """Read one message; raises LateError if it is not there within so many seconds, BrokenWireError if it is none."""
    until = None if seconds is None else time.monotonic() + seconds
    try:
        message = json.loads(_part(descriptor, until))
        head, names = dict(message["head"]), list(map(str, message["arrays"]))
        if len(names) > _PARTS:
            raise BrokenWireError("too many arrays")
        arrays = {name: np.load(io.BytesIO(_part(descriptor, until)), allow_pickle=False) for name in names}
    except (ValueError, KeyError, TypeError, RecursionError, EOFError, OSError) as error:
        raise BrokenWireError(str(error)) from error
    return head, arrays


def _part(descriptor: int, until: float | None) -> bytes:
    (length,) = _LENGTH.unpack(_exactly(descriptor, _LENGTH.size, until))
    if length > LARGEST:
        raise BrokenWireError(f"a part of {length} bytes")
    return _exactly(descriptor, length, until)


def _exactly(descriptor: int, length: int, until: float | None) -> bytes:
    content = bytearray()
    while len(content) < length:
        left = None if until is None else max(0.0, until - time.monotonic())
        if not select.select([descriptor], [], [], left)[0]:
            raise LateError
        piece = os.read(descriptor, min(length - len(content), 1 << 20))
        if not piece:
            raise BrokenWireError("the other side has gone")
        content += piece
    return bytes(content)
