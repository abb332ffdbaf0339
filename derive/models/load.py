"""Finding a model: by its name in the catalogue, or in a Python file of the user's own."""

import difflib
import importlib
import pkgutil
from dataclasses import replace
from functools import cache
from pathlib import Path

from derive.errors import InputError
from derive.language.declarations import noting
from derive.language.family import Family
from derive.models import catalogue as catalogue_package
from derive.models.declared import assigned_lines, check_used
from derive.models.mixture import Mixture
from derive.models.run_file import run_file


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
    path, colon, name = spec.partition(".py:")
    if spec.endswith(".py"):
        return _from_file(Path(spec), None)
    if colon:
        return _from_file(Path(path + ".py"), name)
    models = catalogue()
    if spec in models:
        return models[spec]
    raise InputError(
        f"unknown model {spec!r}: {_hint(spec)}`derive models` lists the catalogue; a model of your own is given as "
        "file.py or file.py:NAME"
    )


def _hint(spec: str) -> str:
    """What may have been meant: a file beside, or the nearest name."""
    try:
        if spec and Path(f"{spec}.py").is_file():
            return f"did you mean {f'{spec}.py'!r}? "
        if Path(spec).is_file():
            return "it is a file, but its name does not end in .py; "
    except (OSError, ValueError):  # a name too long, or with a NUL in it, is no file
        pass
    nearest = difflib.get_close_matches(spec.lower(), catalogue(), n=1, cutoff=0.5)
    return f"did you mean {nearest[0]!r}? " if nearest else ""


def _from_file(path: Path, name: str | None) -> Mixture:
    _check_file(path)
    with noting() as noted:
        module = run_file(path)
    made = {id(one.thing): one.place for one in noted if isinstance(one.thing, Mixture)}
    declared = {one.thing.name: one.place for one in noted if isinstance(one.thing, Family)}
    lines = assigned_lines(path.read_bytes())
    found = {
        key: replace(
            value,
            place=made.get(id(value), f"{path}, line {lines.get(key, 1)}"),
            declared=declared,
            origin=path.name if name is None else f"{path.name}:{name}",
        )
        for key, value in vars(module).items()
        if isinstance(value, Mixture)
    }
    if found:
        check_used(path, noted)
    if name is not None:
        if name not in found:
            has = f"it has {', '.join(found)}" if found else "it has none"
            raise InputError(f"{path} has no Mixture named {name!r}; {has}")
        return found[name]
    if not found:
        raise InputError(f"{path} defines no Mixture; end it with model = Mixture(...)")
    if len({id(vars(module)[key]) for key in found}) > 1:
        raise InputError(f"{path} defines several models; say which: {', '.join(f'{path}:{key}' for key in found)}")
    return next(iter(found.values()))


def _check_file(path: Path) -> None:
    try:
        there, folder = path.exists(), path.is_dir()
    except (OSError, ValueError) as error:  # a name too long, or with a NUL in it
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"the model file {path} cannot be read: {reason.lower()}") from None
    if not there or folder:
        raise InputError(f"the model file {path} {'is a folder' if folder else 'does not exist'}")
