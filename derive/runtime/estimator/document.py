"""A fitted estimator as JSON: what `derive predict` reads, and beside it all that makes the estimator anew."""

import json
from collections.abc import Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import numpy as np

from derive.errors import InputError
from derive.runtime.estimator.given import EstimatorError
from derive.runtime.estimator.models import named
from derive.runtime.protocol import GeneratedModule
from derive.runtime.writing import write_text

KEY = "estimator"
ATTRIBUTES = ("converged_", "n_iter_", "lower_bound_", "lower_bounds_", "log_likelihood_", "n_features_in_")


def to_document(estimator: Any, module: GeneratedModule) -> str:
    """The JSON text. Raises EstimatorError for a parameter of the estimator that JSON cannot hold."""
    fields = dict(zip(module.PARAMETER_SHAPES, estimator.parameters_, strict=True))
    names = getattr(estimator, "feature_names_in_", None)
    fitted = {name: _plain(getattr(estimator, name), name) for name in ATTRIBUTES if hasattr(estimator, name)}
    options = estimator.get_params(deep=False)
    if "model" in options:
        options["model"] = named(options["model"])
    content = {
        "model": module.MODEL,
        "parameters": {name: np.asarray(value).tolist() for name, value in fields.items()},
        KEY: {
            "class": type(estimator).__name__,
            "options": {name: _plain(value, name) for name, value in options.items()},
            "fitted": fitted,
            "types": {name: np.asarray(value).dtype.name for name, value in fields.items()},
            "feature_names": None if names is None else list(names),
        },
    }
    return json.dumps(content, indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def write_document(estimator: Any, module: GeneratedModule, path: Path) -> None:
    """Write the JSON text to a file, whole or not at all. Raises EstimatorError where that is not possible."""
    text = to_document(estimator, module)
    try:
        write_text(path, text)
    except InputError as error:
        raise EstimatorError(str(error)) from error


def _plain(value: Any, name: str) -> Any:
    """The value in JSON's types; a number that is infinite becomes null."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value) if np.isfinite(float(value)) else None
    if isinstance(value, np.ndarray | list | tuple):
        return [_plain(item, name) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item, name) for key, item in value.items()}
    raise EstimatorError(f"{name}={value!r} cannot be saved as JSON; give numbers, such as random_state=0")
