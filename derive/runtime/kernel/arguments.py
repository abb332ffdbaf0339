"""What a generated module's functions are given: known constants by keyword, data and parameters as arrays."""

import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.runtime.protocol import plates, sample_weights

Array = NDArray[Any]


def number_of_components(module: Any, parameters: Any) -> int:
    """Return K: the length of the parameters' component axes."""
    letter = plates(module)[1]
    sizes = [
        value.shape[shape.index(letter)]
        for value, shape in zip(map(np.asarray, parameters), module.PARAMETER_SHAPES.values(), strict=True)
        if letter in shape
    ]
    return int(sizes[0]) if sizes else 1


def known_of_samples(module: Any) -> frozenset[str]:
    """Return the names of the known constants that belong to rows."""
    letter = plates(module)[0]
    return frozenset(name for name, shape in module.KNOWNS.items() if letter in shape)


def own_weights(module: Any, constants: Mapping[str, Array], dtype: Any) -> Array | None:
    """Return how many samples each row stands for; None for one each."""
    name = sample_weights(module)
    return None if name is None else np.asarray(constants[name], dtype)


def taken(function: Any, constants: Mapping[str, Array]) -> dict[str, Array]:
    """Return those known constants that a function takes, by keyword only."""
    return {name: constants[name] for name in _keywords(function) if name in constants} if constants else {}


@cache
def _keywords(function: Any) -> tuple[str, ...]:
    arguments = inspect.signature(function).parameters.values()
    return tuple(argument.name for argument in arguments if argument.kind is argument.KEYWORD_ONLY)


def as_table(module: Any, X: Array) -> Array:
    """Return X as an array of floats of the module's rank. Raises ValueError where it has another."""
    X = np.asarray(X)
    if X.dtype not in (np.float32, np.float64):
        X = np.asarray(X, dtype=np.float64)
    if not module.EVENT_SHAPE and X.ndim == 2 and X.shape[1] == 1:
        X = X[:, 0]
    if X.ndim != 1 + len(module.EVENT_SHAPE):
        raise ValueError(f"X has shape {X.shape}; expected rows of shape {module.EVENT_SHAPE or '()'}")
    return X


def in_double(parameters: Any) -> Any:
    """Return the parameters in float64."""
    return type(parameters)(*(np.asarray(value, dtype=np.float64) for value in parameters))


def as_given(parameters: Any, dtype: Any) -> Any:
    """Return the parameters in float32 where the data are."""
    if dtype != np.float32:
        return parameters
    return type(parameters)(*(np.asarray(value, dtype=dtype) for value in parameters))


def middle(parameters: Any, module: Any, dtype: Any) -> Array:
    """Return where the data lie, by the parameters: the mean of the mixture's locations, rounded as the data are."""
    places = np.asarray(getattr(parameters, module.LOCATION), dtype=np.float64)
    if places.ndim > len(module.EVENT_SHAPE):
        equal = np.full(len(places), 1 / len(places))
        weights = np.asarray(getattr(parameters, module.WEIGHTS, equal), dtype=np.float64)
        places = np.tensordot(weights, places, axes=1)
    return np.asarray(places, dtype=dtype).astype(np.float64)
