"""The process in which submitted code runs: it receives problems, calls the function, and sends back what it gave.

Started as a script by `derive.checking.submitted.process`. What the function prints or reads goes nowhere. It is called
with copies, so that what it does to them is seen and does no harm.
"""

import contextlib
import inspect
import os
import sys
import traceback
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.checking.submitted import wire
from derive.checking.submitted.locate import NotFoundError, locate

Arrays = dict[str, NDArray[Any]]
MOST_BYTES = 1 << 26  # of a result; larger ones are told by their shapes only


def answer(
    function: Callable[..., Any], arrays: Mapping[str, NDArray[Any]], fields: Sequence[str]
) -> tuple[dict[str, Any], Arrays]:
    """Call the function; return what happened as a head, and the fields of its result as arrays.

    arrays: "X", "responsibilities", "known NAME" and, where there is one, "previous FIELD" for each field. The head has
    "fault" where there is no usable result: one line, e.g. what was raised; and "shapes" and "types" of the fields.
    """
    given = {name: np.array(array) for name, array in arrays.items()}
    knowns = {name.removeprefix("known "): value for name, value in given.items() if name.startswith("known ")}
    old = [given[f"previous {field}"] for field in fields if f"previous {field}" in given]
    previous = namedtuple("Parameters", fields)(*old) if old else None  # noqa: PYI024
    try:
        positional, keywords = _previous(function, previous, set(knowns))
        result = function(given["X"], given["responsibilities"], *positional, **keywords, **knowns)
        found, fault = _fields(result, fields)
    except BaseException as error:  # noqa: BLE001 - also an exit or an interrupt that the function raises
        found, fault = {}, f"raises {describe(error, function)}"
    changed = [name for name, array in arrays.items() if not np.array_equal(given[name], array, equal_nan=True)]
    if fault:
        return {"fault": fault, "changed": changed}, {}
    head: dict[str, Any] = {
        "changed": changed,
        "shapes": {name: list(value.shape) for name, value in found.items()},
        "types": {name: str(value.dtype) for name, value in found.items()},
    }
    if sum(value.nbytes for value in found.values()) > MOST_BYTES:
        return head, {}
    return head, {name: np.asarray(value, dtype=np.float64) for name, value in found.items()}


def describe(error: BaseException, function: Callable[..., Any] | None = None) -> str:
    """The kind of an exception, what it says, and the line of the function's file that raised it."""
    try:
        said = " ".join(str(error).split())[:300]
    except Exception:  # noqa: BLE001 - an exception of the user's own, whose text raises
        said = ""
    frames = traceback.extract_tb(error.__traceback__)
    file = getattr(getattr(inspect.unwrap(function), "__code__", None), "co_filename", None) if function else None
    own = [frame for frame in frames if frame.filename == file] or [f for f in frames if f.filename != __file__][-1:]
    where = f" ({os.path.basename(own[-1].filename)}, line {own[-1].lineno})" if own else ""  # noqa: PTH119
    return f"{type(error).__name__}{': ' + said if said else ''}{where}"


def _previous(function: Callable[..., Any], previous: Any, knowns: set[str]) -> tuple[list[Any], dict[str, Any]]:  # noqa: ANN401 - a named tuple
    """How the function takes the previous parameters: under that name, as its third argument, or not at all."""
    try:
        parameters = inspect.signature(function).parameters
    except (ValueError, TypeError):  # compiled code without a signature
        return [previous], {}
    kinds = [p.kind for p in parameters.values()]
    anything = inspect.Parameter.VAR_KEYWORD in kinds and inspect.Parameter.VAR_POSITIONAL in kinds
    if "previous" in parameters or anything:
        return [], {"previous": previous}
    if inspect.Parameter.VAR_POSITIONAL in kinds:
        return [previous], {}
    positional = [
        name
        for name, p in parameters.items()
        if p.kind in {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
    ]
    return ([previous], {}) if len(positional) > 2 and positional[2] not in knowns else ([], {})


def _fields(result: Any, fields: Sequence[str]) -> tuple[Arrays, str]:  # noqa: ANN401 - whatever was returned
    """The parameters by name from a named tuple, tuple, mapping or object; else what is wrong with it."""
    needed = f"{len(fields)} parameters are needed: {', '.join(fields)}"
    if isinstance(result, Mapping):
        values = dict(result)
        if missing := [name for name in fields if name not in values]:
            return {}, f"returns a mapping without {', '.join(missing)}; {needed}"
    elif set(fields) <= set(getattr(result, "_fields", ())):
        values = {name: getattr(result, name) for name in fields}
    elif isinstance(result, tuple | list):
        if len(result) != len(fields):
            return {}, f"returns {len(result)} values; {needed}"
        values = dict(zip(fields, result, strict=True))
    elif all(hasattr(result, name) for name in fields):
        values = {name: getattr(result, name) for name in fields}
    elif len(fields) == 1 and result is not None:
        values = {fields[0]: result}
    else:
        return {}, f"returns {_kind(result)}; {needed}"
    found = {}
    for name in fields:
        array = np.asarray(values[name])
        if array.dtype.kind not in "fiub":
            return {}, f"returns {name} as {_kind(values[name])} of type {array.dtype}; real numbers are needed"
        found[name] = array
    return found, ""


def _kind(value: object) -> str:
    return "None" if value is None else f"a {type(value).__name__}"


def _limit_memory() -> None:
    """At most half of the machine's memory, so that a huge array is an error in the function and nothing else."""
    with contextlib.suppress(ImportError, ValueError, OSError, AttributeError):
        import resource  # noqa: PLC0415 - there is none on some systems

        half = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
        resource.setrlimit(resource.RLIMIT_DATA, (half, half))


def main(requests: int, answers: int) -> None:
    """Serve requests until their pipe is closed."""
    setup, _ = wire.receive(requests)
    _limit_memory()
    try:
        function = locate(str(setup["spec"]))
    except NotFoundError as error:
        wire.send(answers, {"refused": str(error)}, {})
        return
    except BaseException as error:  # noqa: BLE001 - whatever the submitted file raises when it is imported
        wire.send(answers, {"refused": f"{setup['spec']} cannot be imported: {describe(error)}"}, {})
        return
    wire.send(answers, {}, {})
    with contextlib.suppress(wire.BrokenWireError):
        while True:
            _, arrays = wire.receive(requests)
            wire.send(answers, *answer(function, arrays, setup["fields"]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
