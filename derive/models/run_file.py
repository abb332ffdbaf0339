"""Running a model file of the user's own: whatever goes wrong in it becomes one line that names the place."""

import contextlib
import importlib.util
import sys
import traceback
from collections.abc import Iterator
from importlib.abc import SourceLoader
from pathlib import Path
from types import ModuleType

from derive.errors import DeriveError, InputError, ModelError
from derive.language.declarations import PACKAGE


class _FileLoader(SourceLoader):
    """Import machinery that reads the file each time: no compiled copy of it is kept or believed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get_filename(self, fullname: str) -> str:
        """The name that stands in tracebacks."""
        del fullname
        return str(self._path)

    def get_data(self, path: str | bytes) -> bytes:
        """The source. Other files are none of its business."""
        if Path(str(path)) != self._path:
            raise OSError(f"only {self._path} is read")
        return self._path.read_bytes()


def run_file(path: Path) -> ModuleType:
    """Run a Python file as a module of its own; what it prints goes to stderr, so that stdout holds results only.

    Modules beside the file can be imported by it, unless an installed one has their name.
    Raises InputError for a file that cannot be read, ModelError for one that is no Python or raises.
    """
    loader = _FileLoader(path)
    name = f"derive_model_{path.stem}"
    spec = importlib.util.spec_from_loader(name, loader, origin=str(path))
    if spec is None:  # pragma: no cover  a loader was given, so there is a spec
        raise InputError(f"{path} cannot be read as a Python file")
    _check_source(loader, name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where dataclasses and others look for the module of a class
    try:
        with contextlib.redirect_stdout(sys.stderr), _folder_on_path(path):
            loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except DeriveError as error:
        raise type(error)(f"{_place(path, error)}: {error}") from None
    except BaseException as error:  # noqa: BLE001  whatever the user's file raises is reported as one line
        raise ModelError(f"{_place(path, error)}: {describe(error)}") from None
    return module


def describe(error: BaseException) -> str:
    """The kind of an exception and what it says, also where it can say nothing."""
    try:
        said = " ".join(str(error).split())
    except Exception:  # noqa: BLE001  an exception of the user's own, whose text raises
        said = ""
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _check_source(loader: _FileLoader, name: str, path: Path) -> None:
    """Read and compile alone, so that these failures are told from those of the file's own code."""
    try:
        loader.get_code(name)
    except SyntaxError as error:
        where = f", line {error.lineno}" if error.lineno else ""
        raise ModelError(f"{path}{where}: not valid Python: {error.msg}") from None
    except (UnicodeError, ValueError):
        raise ModelError(f"{path} is not a text file in UTF-8") from None
    except RecursionError:
        raise ModelError(f"{path}: not valid Python: nested too deep") from None
    except (OSError, ImportError) as error:
        reason = getattr(error.__cause__ or error, "strerror", None) or str(error)
        raise InputError(f"{path} cannot be read: {reason.lower()}") from None


@contextlib.contextmanager
def _folder_on_path(path: Path) -> Iterator[None]:
    """The file's folder comes last, so that a file numpy.py beside it shadows nothing."""
    folder = str(path.absolute().parent)
    sys.path.append(folder)
    try:
        yield
    finally:
        places = [i for i, entry in enumerate(sys.path) if entry == folder]
        if places:  # the file may have taken it away
            del sys.path[places[-1]]


def _place(path: Path, error: BaseException) -> str:
    """Name the line that raised, in the user's file or in one beside it that it imports."""
    folder = path.absolute().parent
    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename) == path
        or (Path(frame.filename).parent == folder and not frame.filename.startswith(PACKAGE))
    ]
    if not own:
        return str(path)
    *_, frame = own
    file = path if Path(frame.filename) == path else path.with_name(Path(frame.filename).name)
    return f"{file}, line {frame.lineno}"
