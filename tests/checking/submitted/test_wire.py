"""Messages come over whole, late ones are given up, and what is none is refused without running anything."""

import contextlib
import json
import os
import pickle
import struct
from collections.abc import Iterator

import numpy as np
import pytest

from derive.checking.submitted import wire


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    yield reading, writing
    for descriptor in (reading, writing):
        with contextlib.suppress(OSError):
            os.close(descriptor)


def framed(*parts: bytes) -> bytes:
    return b"".join(struct.pack(">Q", len(part)) + part for part in parts)


def test_a_message_comes_over(pipe: tuple[int, int]) -> None:
    arrays = {"a": np.arange(6.0).reshape(2, 3), "scalar": np.array(2.5), "empty": np.zeros((0, 3)), "γ": np.ones(2)}
    wire.send(pipe[1], {"fault": "μ", "n": [1, 2]}, arrays)
    head, found = wire.receive(pipe[0], 5)
    assert head == {"fault": "μ", "n": [1, 2]}
    assert list(found) == list(arrays)
    for name, value in arrays.items():
        np.testing.assert_array_equal(found[name], value)
        assert found[name].shape == value.shape


def test_a_late_message_is_given_up(pipe: tuple[int, int]) -> None:
    os.write(pipe[1], struct.pack(">Q", 10) + b"half")
    with pytest.raises(wire.LateError):
        wire.receive(pipe[0], 0.05)


def test_an_end_is_noticed(pipe: tuple[int, int]) -> None:
    os.write(pipe[1], struct.pack(">Q", 10) + b"half")
    os.close(pipe[1])
    with pytest.raises(wire.BrokenWireError):
        wire.receive(pipe[0], 5)


def pickled() -> bytes:
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", 118) + _header() + pickle.dumps([1])


def _header() -> bytes:
    return b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(117) + b"\n"


@pytest.mark.parametrize(
    "content",
    [
        framed(b"not json"),
        framed(b"[1, 2]"),
        framed(b"{}"),
        framed(json.dumps({"head": 5, "arrays": []}).encode()),
        framed(b"[" * 50_000),
        framed(json.dumps({"head": {}, "arrays": ["a"]}).encode(), b"not an array"),
        framed(json.dumps({"head": {}, "arrays": ["a"]}).encode(), pickled()),
        framed(json.dumps({"head": {}, "arrays": ["a"] * 5000}).encode()),
        struct.pack(">Q", 1 << 60),
        b"\xff" * 64,
    ],
)
def test_what_is_no_message_is_refused(pipe: tuple[int, int], content: bytes) -> None:
    os.write(pipe[1], content)
    os.close(pipe[1])
    with pytest.raises(wire.BrokenWireError):
        wire.receive(pipe[0], 5)


def test_nobody_reads(pipe: tuple[int, int]) -> None:
    os.close(pipe[0])
    with pytest.raises(wire.BrokenWireError):
        wire.send(pipe[1], {}, {})
