"""Fitted parameters as JSON and back; what comes back is checked before it is used."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from derive.errors import InputError
from derive.runtime.em import FitResult
from derive.runtime.letters import bind
from derive.runtime.protocol import GeneratedModule, shared_plate
from derive.runtime.read import read_bytes

_SUM_TOLERANCE = 1e-4  # weights written with five digits still sum to one
_FIT_HINT = "write one with: derive fit DATA --model MODEL -k K -o PARAMS.json"


@dataclass(frozen=True)
class StoredFit:
    """model: a catalogue name, or the model file that the fit was given. fields: parameters by name, unchecked.

    changes: what was made of the model, kinds and texts.
    """

    model: str
    fields: Mapping[str, Any]
    source: str
    changes: tuple[tuple[str, str], ...] = ()


def fit_to_json(
    model: str,
    result: FitResult,
    labels: Mapping[str, int] | None = None,
    changes: Sequence[tuple[str, str]] = (),
) -> str:
    """A fit as a JSON object: the model, its parameters, and every number of the fit by its name.

    objective: name and value of what EM climbed. labels: the number of the component of each label that has a name.
    changes: what was made of the model, kinds and texts.
    """
    fields = zip(result.parameters._fields, result.parameters, strict=True)
    content = {
        "model": model,
        "parameters": {name: np.asarray(value).tolist() for name, value in fields},
        "log_likelihood": result.log_likelihood,
        "objective": {"name": result.objective, "value": result.value},
        "bic": result.bic,
        "n_parameters": result.n_parameters,
        "iterations": result.iterations,
        "converged": result.converged,
    }
    if changes:
        content["changes"] = [list(change) for change in changes]
    if labels:
        content["labels"] = dict(labels)
    return json.dumps(content, indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def read_fit(path: Path) -> StoredFit:
    """The model and the parameters that a file written by `fit` holds. Raises InputError for any other file."""
    try:
        content = json.loads(read_bytes(path).decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError(f"{path} is not JSON: it is no UTF-8 text; {_FIT_HINT}") from None
    except json.JSONDecodeError as error:
        raise InputError(f"{path} is not JSON (line {error.lineno}: {error.msg}); {_FIT_HINT}") from None
    except (RecursionError, ValueError):
        raise InputError(f"{path} is not JSON that can be read: nested too deep, or a number too long") from None
    if not isinstance(content, dict):
        raise InputError(f"{path} holds no JSON object; {_FIT_HINT}")
    for key, kind, word in (("model", str, "a string"), ("parameters", dict, "an object")):
        if key not in content:
            raise InputError(f"{path} lacks {key!r}; {_FIT_HINT}")
        if not isinstance(content[key], kind):
            raise InputError(f"{path}: {key!r} should be {word}; {_FIT_HINT}")
    return StoredFit(content["model"], content["parameters"], str(path), _changes(content.get("changes", []), path))


def _changes(value: Any, path: Path) -> tuple[tuple[str, str], ...]:
    pairs = value if isinstance(value, list) else [value]
    if not all(isinstance(pair, list) and len(pair) == 2 and all(isinstance(x, str) for x in pair) for pair in pairs):
        raise InputError(f"{path}: 'changes' should be a list of pairs of strings; {_FIT_HINT}")
    return tuple((kind, text) for kind, text in pairs)


def to_parameters(module: GeneratedModule, stored: StoredFit) -> Any:
    """The stored fields as the module's named tuple of float64 arrays.

    Raises InputError for a field that is missing, unknown, ragged, not numeric, not finite or of the wrong shape, and
    for weights that are negative or do not sum to one.
    """
    expected = module.PARAMETER_SHAPES
    missing = [name for name in expected if name not in stored.fields]
    extra = [name for name in stored.fields if name not in expected]
    if missing or extra:
        word, names = ("lack", missing) if missing else ("have an unknown", extra)
        listed = ", ".join(map(repr, names))
        raise InputError(f"{stored.source}: the parameters {word} {listed}; {module.MODEL} has {', '.join(expected)}")
    sizes: dict[str, int] = {}
    arrays = {}
    for name, shape in expected.items():
        arrays[name] = _array(stored.fields[name], f"{stored.source}: {name!r}")
        bind(sizes, f"{stored.source}: {name!r}", shape, arrays[name].shape)
    if sizes.get(shared_plate(module)[0], 1) < 1:
        raise InputError(f"{stored.source}: the parameters hold no component")
    _check_weights(arrays.get(module.WEIGHTS), stored.source)
    return module.Parameters(**arrays)


def _array(value: Any, name: str) -> Any:
    def numbers_only(part: Any) -> bool:
        if isinstance(part, list):
            return all(numbers_only(item) for item in part)
        return isinstance(part, int | float) and not isinstance(part, bool)

    if not numbers_only(value):
        raise InputError(f"{name} holds something other than numbers")
    try:
        array = np.array(value, dtype=np.float64)
    except (ValueError, OverflowError, TypeError):
        raise InputError(f"{name} is ragged or holds a number too large: its rows must have one length") from None
    if not np.isfinite(array).all():
        raise InputError(f"{name} holds NaN or infinity")
    return array


def _check_weights(weights: Any, source: str) -> None:
    if weights is None:
        return
    if (weights < 0).any():
        raise InputError(f"{source}: weight {int(np.argmin(weights))} is negative ({weights.min():g})")
    if abs(weights.sum() - 1) > _SUM_TOLERANCE:
        raise InputError(f"{source}: the weights sum to {weights.sum():.6g}, not to 1")
