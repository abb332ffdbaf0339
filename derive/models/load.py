"""Finding a model: by its name in the catalogue, or in a Python file of the user's own."""

import difflib
import importlib
import importlib.util
import pkgutil
import traceback
from functools import cache
from pathlib import Path
from types import ModuleType

from derive.errors import DeriveError, InputError, ModelError
from derive.models import catalogue as catalogue_package
from derive.models.mixture import Mixture


@cache
def catalogue() -> dict[str, Mixture]:
    """All models of the catalogue by name, sorted."""
    found = [importlib.import_module(f"{catalogue_package.__name__}.{m.name}") for m in _catalogue_files()]
    models = [module.model for module in found]
    return {model.name: model for model in sorted(models, key=lambda model: model.name)}


def _catalogue_files() -> list[pkgutil.ModuleInfo]:
    return list(pkgutil.iter_modules(catalogue_package.__path__))


def load_model(spec: str) -> Mixture:
    """Return the model that ``spec`` names: a name of the catalogue, ``file.py`` or ``file.py:NAME``.

    Raises InputError for a name or file that does not exist, ModelError for a file whose model makes no sense.
    """
    path, _, name = spec.partition(".py:")
    if spec.endswith(".py"):
        return _from_file(Path(spec), None)
    if name:
        return _from_file(Path(path + ".py"), name)
    models = catalogue()
    if spec in models:
        return models[spec]
    nearest = difflib.get_close_matches(spec, models, n=1, cutoff=0.4)
    hint = f"did you mean {nearest[0]!r}? " if nearest else ""
    raise InputError(
        f"unknown model {spec!r}: {hint}`derive models` lists the catalogue; a model of your own is given as file.py "
        "or file.py:NAME"
    )


def _from_file(path: Path, name: str | None) -> Mixture:
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise InputError(f"the model file {path} {what}")
    module = _run(path)
    found = {key: value for key, value in vars(module).items() if isinstance(value, Mixture)}
    if name is not None:
        if name not in found:
            has = f"it has {', '.join(found)}" if found else "it has none"
            raise InputError(f"{path} has no Mixture named {name!r}; {has}")
        return found[name]
    if not found:
        raise InputError(f"{path} defines no Mixture; end it with model = Mixture(...)")
    if len(set(map(id, found.values()))) > 1:
        raise InputError(f"{path} defines several models; say which: {', '.join(f'{path}:{key}' for key in found)}")
    return next(iter(found.values()))


def _run(path: Path) -> ModuleType:
    """Run a model file as a module of its own."""
    spec = importlib.util.spec_from_file_location(f"derive_model_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise InputError(f"{path} cannot be read as a Python file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except DeriveError as error:
        raise type(error)(f"{_place(path, error)}: {error}") from None
    except SyntaxError as error:
        raise ModelError(f"{path}, line {error.lineno}: not valid Python: {error.msg}") from None
    except UnicodeDecodeError:
        raise ModelError(f"{path} is not a text file in UTF-8") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the user's file raises is reported as one line
        raise ModelError(f"{_place(path, error)}: {type(error).__name__}: {error}") from None
    return module


def _place(path: Path, error: BaseException) -> str:
    """Name the line of the user's file that raised."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == path]
    return f"{path}, line {lines[-1]}" if lines else str(path)
