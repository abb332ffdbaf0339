"""Submitted source as a module, and the functions that it holds."""

import importlib.util
import inspect
import os
import sys
import traceback
import types
from collections.abc import Callable, Iterator
from importlib.abc import Loader, MetaPathFinder, SourceLoader
from importlib.machinery import ModuleSpec
from typing import Any

_PICTURES = frozenset({"matplotlib", "seaborn", "plotly", "IPython"})  # what files import that draw nothing when called


class _Text(SourceLoader):
    def __init__(self, source: bytes, name: str) -> None:
        self._source, self._name = source, name

    def get_filename(self, fullname: str) -> str:  # noqa: ARG002
        return self._name

    def get_data(self, path: str | bytes) -> bytes:  # noqa: ARG002
        return self._source


class _Picture(types.ModuleType):
    """Stands for a package that draws: whatever is asked of it is another one of its kind."""

    __path__: list[str] = []  # noqa: RUF012 - as of a package

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        if name.startswith("__"):
            raise AttributeError(name)
        return _Picture(name)

    def __call__(self, *arguments: Any, **named: Any) -> "_Picture":  # noqa: ANN401, ARG002
        return _Picture("drawn")


class _Pictures(MetaPathFinder, Loader):
    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:  # noqa: ANN401, ARG002
        return ModuleSpec(fullname, self) if fullname.partition(".")[0] in _PICTURES else None

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return _Picture(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing is in it."""


def run(source: bytes, name: str) -> tuple[types.ModuleType, str]:
    """Run a file; return its module, with what was defined until it ended, and what it raised in one line, or ""."""
    sys.meta_path.append(_Pictures())
    loader = _Text(source, name)
    spec = importlib.util.spec_from_loader("submission", loader)
    assert spec is not None  # noqa: S101 - a loader was given
    module = importlib.util.module_from_spec(spec)
    sys.modules["submission"] = module
    try:
        loader.exec_module(module)
    except BaseException as error:  # noqa: BLE001 - also an exit
        return module, describe(error, name)
    return module, ""


def describe(error: BaseException, name: str) -> str:
    """The kind of an exception, what it says, and the line of the file that raised it."""
    try:
        said = " ".join(str(error).split())[:300]
    except BaseException:  # noqa: BLE001 - an exception of their own, whose text raises
        said = ""
    own = [frame.lineno for frame in traceback.extract_tb(error.__traceback__)[-200:] if frame.filename == name]
    line = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else own[-1] if own else None
    where = f" (line {line})" if line else ""
    return f"{type(error).__name__}{': ' + said if said else ''}{where}"


def functions(module: types.ModuleType, name: str) -> Iterator[dict[str, Any]]:
    """Functions of the file and methods of its classes: path, line, and the parameters without self."""
    for key, value in list(vars(module).items()):
        if inspect.isclass(value) and getattr(value, "__module__", None) == "submission":
            for method, function in list(vars(value).items()):
                plain = function.__func__ if isinstance(function, staticmethod | classmethod) else function
                if inspect.isfunction(plain) and not method.startswith("__"):
                    bound = not isinstance(function, staticmethod)
                    yield _signature(f"{key}.{method}", plain, bound=bound)
        elif callable(value) and not key.startswith("__") and _is_own(value, name):
            yield _signature(key, value)


def locate(module: types.ModuleType, path: str) -> Callable[..., Any]:
    """The function at a path; of a class, the method of an object made without arguments."""
    owner, _, method = path.rpartition(".")
    if not owner:
        found: Callable[..., Any] = getattr(module, path)
        return found
    made: Callable[..., Any] = getattr(getattr(module, owner)(), method)
    return made


def _is_own(value: Any, name: str) -> bool:  # noqa: ANN401
    """Whether it was defined in the file, also by functools.partial, jit or a decorator."""
    if inspect.isclass(value) or inspect.ismodule(value):
        return False
    code = getattr(inspect.unwrap(value), "__code__", None)
    file = getattr(code, "co_filename", None)
    return file is None or os.fspath(file) == name or not inspect.isfunction(value)


def _signature(path: str, function: Any, *, bound: bool = False) -> dict[str, Any]:  # noqa: ANN401
    code = getattr(inspect.unwrap(function), "__code__", None)
    try:
        parameters = list(inspect.signature(function).parameters.values())[int(bound) :]
        listed = [[p.name, p.kind.name, p.default is not p.empty] for p in parameters[:64]]
    except (ValueError, TypeError):
        listed = None
    return {"path": path, "line": getattr(code, "co_firstlineno", 0), "parameters": listed}
