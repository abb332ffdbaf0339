"""What is wrong with what a kernel was given, in one line: before the first pass, and once a pass has failed."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.runtime.kernel.blocks import ranges
from derive.runtime.letters import bind, coordinate, spell
from derive.runtime.protocol import plates, sample_weights

Array = NDArray[Any]
ROWS_AT_A_TIME = 2**15


def check_module(module: Any) -> None:
    """Raise InputError for what is no generated module."""
    if isinstance(module, str):
        raise InputError(
            f"a generated module is needed, not the name {module!r}: "
            f"derive.load({module!r}).module(), or import the file that `derive generate` wrote"
        )
    if not hasattr(module, "PARAMETER_SHAPES") or not hasattr(module, "em_step"):
        kind = type(module).__name__
        raise InputError(f"a generated module is needed, not a value of type {kind}: derive.load(MODEL).module()")


def check_arguments(module: Any, X: Array, parameters: Any, constants: Mapping[str, Any]) -> None:
    """Raise InputError where parameters or known constants are not the module's, or do not fit X and each other."""
    names = tuple(module.PARAMETER_SHAPES)
    if getattr(parameters, "_fields", None) != names:
        wanted = f"Parameters({', '.join(names)})"
        found = getattr(parameters, "_fields", None)
        given = type(parameters).__name__ if found is None else f"{type(parameters).__name__}({', '.join(found)})"
        raise InputError(f"parameters should be those of {module.MODEL}, {wanted}, not {given}")
    rows = plates(module)[0]
    sizes = {rows: len(X)}
    if module.EVENT_SHAPE:
        bind(sizes, "X", (rows, *module.EVENT_SHAPE), X.shape)
    else:
        sizes[coordinate(module)] = 1
    for name, shape in module.PARAMETER_SHAPES.items():
        bind(sizes, f"parameter {name!r}", shape, np.shape(getattr(parameters, name)))
    check_names(module, constants)
    for name, shape in module.KNOWNS.items():
        if name not in constants:
            how = f"knowns={{{name!r}: an array of shape {spell(shape)}}}"
            raise InputError(f"{module.MODEL} needs its known constant {name!r}: {how}")
        bind(sizes, f"known constant {name!r}", shape, np.shape(constants[name]))


def check_names(module: Any, constants: Mapping[str, Any]) -> None:
    """Raise InputError for a known constant that the module does not have."""
    for name in constants:
        if name not in module.KNOWNS:
            has = ", ".join(map(repr, module.KNOWNS)) or "none"
            raise InputError(f"{module.MODEL} has no known constant {name!r}; it has {has}")


def explain_failure(module: Any, X: Array, constants: Mapping[str, Any]) -> None:
    """Raise InputError where the data or the weights of samples hold what no pass can use; else return."""
    for start, end in ranges(len(X), ROWS_AT_A_TIME):
        block = X[start:end].reshape(end - start, -1)
        bad = ~np.isfinite(block).all(axis=1)
        if bad.any():
            row = int(np.argmax(bad))
            value = block[row][~np.isfinite(block[row])][0]
            where = f"row {start + row}, counted from 0"
            raise InputError(f"X holds {value} in {where}: leave out such rows, or fill them in")
    name = sample_weights(module)
    if name is not None:
        weights = np.asarray(constants[name])
        bad = ~((weights >= 0) & np.isfinite(weights))
        if bad.any():
            row = int(np.argmax(bad))
            where = f"row {row}, counted from 0"
            raise InputError(f"known constant {name!r} is {weights[row]} in {where}; weights are finite, and 0 or more")
