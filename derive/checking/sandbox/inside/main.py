"""The loop that runs beside submitted code: it takes the source and calls, and sends back plain arrays."""

import contextlib
import os
import sys
import types
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from .flatten import NoResultError, flatten
from .source import describe, functions, locate, run
from .wire import LENGTHS, Array, BrokenWireError, lengths, packed, unpacked


class _Parameters(types.SimpleNamespace):
    """All parameters in one argument, for code that reads them by name, unpacks them, or does both."""

    def __iter__(self) -> Iterator[Any]:
        return iter(vars(self).values())

    def __len__(self) -> int:
        return len(vars(self))

    def __getitem__(self, which: int | str) -> Any:  # noqa: ANN401
        return vars(self)[which] if isinstance(which, str) else list(self)[which]


def main(requests: int, answers: int) -> None:
    """Serve until the other side has gone. requests, answers: descriptors."""
    head, _ = _receive(requests)
    _limit(head["limits"])
    name, source = head["name"], head["source"].encode("utf-8", "surrogateescape")
    module, raised = run(source, name)
    found: list[dict[str, Any]] = []
    with contextlib.suppress(BaseException):
        found.extend(functions(module, name))
    _send(answers, {"nonce": head["nonce"], "raised": raised, "functions": found[:200]}, {})
    while True:
        try:
            head, arrays = _receive(requests)
        except EOFError:
            return
        answer, results = called(module, name, head, arrays)
        try:
            _send(answers, {"nonce": head["nonce"], **answer}, results)
        except BrokenWireError:
            _send(answers, {"nonce": head["nonce"], "unusable": "more than fits into an answer"}, {})


def called(
    module: types.ModuleType, name: str, head: Mapping[str, Any], arrays: Mapping[str, Array]
) -> tuple[dict[str, Any], dict[str, Array]]:
    """What one call gave. The head of the answer has "raised" or "unusable" where there is no result."""
    given: dict[str, Array] = {}
    before = {key: array.copy() for key, array in arrays.items()}
    in_place = False
    try:
        function = locate(module, head["path"])
        owner = getattr(function, "__self__", None)
        for attribute, what in head.get("state", []):
            setattr(owner, attribute, _value(what, arrays, given, attribute))
        positional, named = [], {}
        for parameter, what in head["arguments"]:
            value = _value(what, arrays, given, parameter)
            if parameter:
                named[parameter] = value
            else:
                positional.append(value)
        result = function(*positional, **named)
        changed = [key for key, array in given.items() if not _same(array, before[key])]
        if result is None and head.get("read"):
            result = {key: getattr(owner, key) for key in head["read"] if hasattr(owner, key)}
        elif result is None and changed:
            result, in_place = {key: given[key] for key in changed}, True
        if result is None:
            return {"unusable": "None"}, {}
        parts = flatten(result)
    except NoResultError as error:
        return {"unusable": str(error)}, {}
    except BaseException as error:  # noqa: BLE001 - also an exit
        return {"raised": describe(error, name)}, {}
    answer = {"labels": [label[:100] for label, _ in parts], "changed": changed, "in_place": in_place}
    return answer, {str(i): array for i, (_, array) in enumerate(parts)}


def _value(what: Any, arrays: Mapping[str, Array], given: dict[str, Array], parameter: str) -> Any:  # noqa: ANN401
    """The value of an argument that the other side describes."""
    kind, *rest = what
    if kind == "array":
        given[rest[0]] = arrays[rest[0]].copy()
        return given[rest[0]] if given[rest[0]].ndim else float(given[rest[0]])
    if kind == "list":
        return list(arrays[rest[0]].copy())
    if kind == "plain":
        return rest[0]
    parts = {key: _value(inner, arrays, given, parameter) for key, inner in rest[0]}
    if kind == "dict":
        return parts
    if kind == "tuple":
        return tuple(parts.values())
    return _Parameters(**parts)


def _same(array: Array, before: Array) -> bool:
    try:
        return bool(array.shape == before.shape and np.array_equal(array, before, equal_nan=True))
    except (TypeError, ValueError):
        return False


def _limit(limits: Mapping[str, int]) -> None:
    """Hard limits, which nobody without capabilities can raise again."""
    try:
        import resource  # noqa: PLC0415 - there is none on some systems
    except ImportError:
        return
    for kind, value in limits.items():
        number = getattr(resource, kind, None)
        if number is not None:
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(number, (value, value))


def _receive(descriptor: int) -> tuple[dict[str, Any], dict[str, Array]]:
    text, body = lengths(_exactly(descriptor, LENGTHS.size))
    return unpacked(_exactly(descriptor, text), _exactly(descriptor, body))


def _exactly(descriptor: int, length: int) -> bytes:
    content = bytearray()
    while len(content) < length:
        piece = os.read(descriptor, length - len(content))
        if not piece:
            raise EOFError
        content += piece
    return bytes(content)


def _send(descriptor: int, head: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):
            stream.flush()
    content = memoryview(packed(head, arrays))
    while content:
        content = content[os.write(descriptor, content) :]
