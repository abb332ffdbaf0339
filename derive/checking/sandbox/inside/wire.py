"""Messages between the two processes: a JSON head and the bytes of its arrays, all of them of 64-bit floats.

Nothing that is received can run: it is text and numbers of a size that was agreed, or it is refused.
"""

import json
import math
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LARGEST_HEAD = 1 << 22
LARGEST = 1 << 24  # bytes of all arrays of a message
MOST_ARRAYS = 256
MOST_AXES = 8
LENGTHS = struct.Struct(">QQ")  # of the head, and of all arrays


class BrokenWireError(Exception):
    """What came is no message."""


def packed(head: Mapping[str, Any], arrays: Mapping[str, Array]) -> bytes:
    """The message as bytes. Raises BrokenWireError where it is larger than a message may be."""
    shapes = [[name, list(array.shape)] for name, array in arrays.items()]
    text = json.dumps({"head": head, "arrays": shapes}).encode()
    body = b"".join(np.ascontiguousarray(array, dtype="<f8").tobytes() for array in arrays.values())
    if len(text) > LARGEST_HEAD or len(body) > LARGEST or len(arrays) > MOST_ARRAYS:
        raise BrokenWireError("the message is too large")
    return LENGTHS.pack(len(text), len(body)) + text + body


def lengths(start: bytes) -> tuple[int, int]:
    """How many bytes of head and arrays follow the start of a message. Raises BrokenWireError if they are too many."""
    text, body = LENGTHS.unpack(start)
    if text > LARGEST_HEAD or body > LARGEST:
        raise BrokenWireError("what came is no message")
    return text, body


def unpacked(text: bytes, body: bytes) -> tuple[dict[str, Any], dict[str, Array]]:
    """The head and the arrays. Raises BrokenWireError for anything that is no message."""
    try:
        message = json.loads(text)
        head, shapes = message["head"], message["arrays"]
        if not isinstance(head, dict) or not isinstance(shapes, list) or len(shapes) > MOST_ARRAYS:
            raise BrokenWireError("the head is no head")
        arrays, at = {}, 0
        for name, shape in shapes:
            if not isinstance(name, str) or len(shape) > MOST_AXES or not all(_is_length(side) for side in shape):
                raise BrokenWireError("an array's shape is no shape")
            count = math.prod(shape)
            if at + 8 * count > len(body):
                raise BrokenWireError("an array is shorter than its shape")
            arrays[name] = np.frombuffer(body, dtype="<f8", count=count, offset=at).reshape(shape).astype(np.float64)
            at += 8 * count
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError, MemoryError) as error:
        raise BrokenWireError("what came is no message") from error
    return head, arrays


def _is_length(side: object) -> bool:
    return type(side) is int and 0 <= side <= LARGEST
