"""The one place that imports generated code: committed modules by their model's name, fresh text by a source loader."""

import difflib
import importlib
import importlib.util
import pkgutil
import re
import types
from importlib.abc import SourceLoader
from typing import cast

from derive.errors import InputError
from derive.runtime.protocol import GeneratedModule

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_REQUIRED = ("MODEL", "EVENT_SHAPE", "PARAMETER_SHAPES", "KNOWNS", "Parameters", "log_joint", "e_step", "m_step")
_PACKAGE = "derive.generated"


class _TextLoader(SourceLoader):
    """Import machinery for a module whose source is a string: tracebacks and `inspect` see its lines."""

    def __init__(self, text: str, filename: str) -> None:
        self._text = text
        self._filename = filename

    def get_filename(self, fullname: str) -> str:
        """The name that stands in tracebacks, whatever the module is called."""
        del fullname
        return self._filename

    def get_data(self, path: str | bytes) -> bytes:
        """The source; there is no compiled file beside it."""
        del path
        return self._text.encode()


def generated_names() -> tuple[str, ...]:
    """Model names of the committed modules, sorted."""
    package = _find_package()
    folders = list(package.__path__) if package else []
    return tuple(sorted(entry.name.replace("_", "-") for entry in pkgutil.iter_modules(folders)))


def load_generated(name: str) -> GeneratedModule:
    """The committed module of a catalogue model, e.g. ``load_generated("gaussian-full")``.

    Raises InputError for a name that has no module, with the nearest name that has.
    """
    known = generated_names()
    if not _NAME.fullmatch(name) or name not in known:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]!r}?" if near else f"there is: {', '.join(known) or 'none'}"
        msg = f"no generated module for a model {name!r}; {hint}"
        raise InputError(msg)
    return _checked(importlib.import_module(f"{_PACKAGE}.{name.replace('-', '_')}"), name)


def load_source(text: str, name: str) -> GeneratedModule:
    """A module made of generated source text, for a model that has no committed file.

    name: the model's name, used for the module's name and in tracebacks. Raises InputError if the text lacks a part of
    the interface. Only text that this package generated belongs here: it is run.
    """
    module_name = re.sub(r"\W", "_", name)
    loader = _TextLoader(text, f"generated:{name}")
    spec = importlib.util.spec_from_loader(module_name, loader)
    if spec is None:  # pragma: no cover  a loader was given, so there is a spec
        msg = f"the import machinery makes no module for {name!r}"
        raise InputError(msg)
    module = importlib.util.module_from_spec(spec)
    try:
        loader.exec_module(module)
    except (Exception, SystemExit) as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise InputError(f"the generated code of {name!r} cannot be run ({reason})") from error
    return _checked(module, name)


def _find_package() -> types.ModuleType | None:
    try:
        return importlib.import_module(_PACKAGE)
    except ModuleNotFoundError as error:
        if error.name == _PACKAGE:
            return None
        raise


def _checked(module: types.ModuleType, name: str) -> GeneratedModule:
    missing = [part for part in _REQUIRED if not hasattr(module, part)]
    if missing:
        msg = f"the generated module of {name!r} lacks {', '.join(missing)}; run: derive generate {name}"
        raise InputError(msg)
    return cast("GeneratedModule", module)
