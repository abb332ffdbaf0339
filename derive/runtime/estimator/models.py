"""The model of an estimator: a catalogue name, a generated module, its file or text, or what generates it."""

import inspect
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from derive.errors import InputError
from derive.runtime.estimator.given import EstimatorError
from derive.runtime.load import generated_names, load_generated, load_source
from derive.runtime.protocol import GeneratedModule
from derive.runtime.read import read_bytes

_REPR = 60  # characters of a value in a message
_PARTS = ("MODEL", "EVENT_SHAPE", "PARAMETER_SHAPES", "KNOWNS", "Parameters", "log_joint", "m_step")


@dataclass(frozen=True)
class GeneratedText:
    """The text of a generated module, which can be copied and pickled as a module cannot. name: the model's."""

    name: str
    text: str

    def __repr__(self) -> str:
        return f"GeneratedText({self.name!r})"


def resolved(model: Any) -> GeneratedModule:
    """The generated module that is meant.

    model: a name of the catalogue, a module, the path of a generated file (which is run, as an import runs it), a
    `GeneratedText`, or what `derive.load` returns, whose code is generated. Raises EstimatorError for anything else.
    """
    try:
        if isinstance(model, GeneratedText):
            return _from_text(model.text, model.name)
        if isinstance(model, str) and model in generated_names():
            return load_generated(model)
        if isinstance(model, os.PathLike) or (isinstance(model, str) and model.endswith(".py")):
            return _from_file(Path(model))
        if isinstance(model, str):
            return load_generated(model)
    except InputError as error:
        raise EstimatorError(str(error)) from error
    generate = getattr(model, "generate", None)
    if callable(generate):  # what `derive.load` returns
        return _from_text(str(generate()), str(getattr(model, "name", "model")))
    missing = [part for part in _PARTS if not hasattr(model, part)]
    if missing:
        raise EstimatorError(
            f"model={_short(model)} is no generated module: it lacks {missing[0]}; give a name of the catalogue, "
            'a generated file, or derive.load("my.py")'
        )
    return model  # type: ignore[no-any-return]


def portable(model: Any) -> Any:
    """The model in a form that can be copied and pickled: a module of the catalogue by name, any other by its text."""
    if not isinstance(model, ModuleType):
        return model
    name = str(getattr(model, "MODEL", model.__name__))
    if name in generated_names() and load_generated(name) is model:
        return name
    return GeneratedText(name, inspect.getsource(model))


def named(model: Any) -> str | None:
    """The catalogue name of a model, None where it has none: a name stands for what it is loaded as."""
    short = portable(model)
    return short if isinstance(short, str) and short in generated_names() else None


def _short(model: Any) -> str:
    text = repr(model)
    return text if len(text) <= _REPR else f"{text[:_REPR]}..."


def _from_file(path: Path) -> GeneratedModule:
    try:
        text = read_bytes(path).decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(f"{path} is no Python file: it is no UTF-8 text") from None
    try:
        return _from_text(text, path.stem)
    except InputError as error:
        raise InputError(
            f'{path} holds no generated module ({error}); of a model file: derive.load("{path}").estimator()'
        ) from error


@lru_cache(maxsize=64)
def _from_text(text: str, name: str) -> GeneratedModule:
    return load_source(text, name)
