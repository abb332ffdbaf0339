"""The function that ``package.module:function`` or ``file.py:function`` names; this runs beside the submitted code."""

import difflib
import importlib
import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

DEFAULT = "m_step"  # the function, where only a module is named


class NotFoundError(Exception):
    """There is no such function; the message says what is wrong in one line."""


def locate(spec: str) -> Callable[..., Any]:
    """Import what the text names. Raises NotFoundError for a name without meaning; what the code raises passes."""
    where, _, path = spec.rpartition(":") if ":" in spec else (spec, "", DEFAULT)
    if not where or not path:
        raise NotFoundError(f"{spec!r} names no function: write package.module:function or file.py:function")
    module = _from_file(Path(where)) if where.endswith(".py") else _by_name(where)
    found: Any = module
    for part in path.split("."):
        if not hasattr(found, part):
            raise NotFoundError(f"{where} has no {part!r}{_hint(found, part)}")
        found = getattr(found, part)
    if not callable(found):
        raise NotFoundError(f"{spec} is no function, but of type {type(found).__name__}")
    function: Callable[..., Any] = found
    return function


def _from_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise NotFoundError(f"the file {path} does not exist")
    name = path.stem if path.stem.isidentifier() else "submitted_code"
    sys.path.append(str(path.absolute().parent))  # last, so that a file numpy.py beside it shadows nothing
    spec = importlib.util.spec_from_loader(name, importlib.machinery.SourceFileLoader(name, str(path.absolute())))
    if spec is None or spec.loader is None:  # pragma: no cover  a loader was given
        raise NotFoundError(f"{path} cannot be read as a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(name, module)
    spec.loader.exec_module(module)
    return module


def _by_name(name: str) -> ModuleType:
    """Import a module, of the current folder first if it is there."""
    if not all(part.isidentifier() for part in name.split(".")):
        hint = f"; a file is given as {name}.py:function" if Path(f"{name}.py").is_file() else ""
        raise NotFoundError(f"{name!r} is no name of a module{hint}")
    root = name.partition(".")[0]
    here = str(Path.cwd())
    if importlib.machinery.PathFinder.find_spec(root, [here]) is not None:
        sys.path.insert(0, here)
    else:
        sys.path.append(here)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if name == missing or name.startswith(missing + "."):
            raise NotFoundError(f"there is no module {missing!r} in the current folder or installed") from None
        raise


def _hint(holder: object, name: str) -> str:
    names = [key for key, value in vars(holder).items() if callable(value) and not key.startswith("_")]
    near = difflib.get_close_matches(name, names, n=1)
    if near:
        return f"; did you mean {near[0]!r}?"
    defined = [key for key in names if getattr(getattr(holder, key), "__module__", None) == holder.__name__]  # type: ignore[attr-defined]
    return f"; it has {', '.join(defined[:8])}" if defined else ""
