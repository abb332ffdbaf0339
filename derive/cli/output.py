"""Where a command may write its files, looked at before long work."""

from collections.abc import Collection
from pathlib import Path

from derive.errors import InputError
from derive.runtime.writing import check_place

_FORMATS = frozenset(
    {".csv", ".npy", ".npz", ".json", ".png", ".svg", ".pdf", ".py", ".ipynb", ".html", ".htm", ".md", ".tex", ".xlsx"}
)


def check_writable(path: Path, *inputs: Path | str, suffixes: Collection[str] = ()) -> None:
    """Raise InputError if a file cannot be written there; called before long work, so that none is lost.

    inputs: files that the command reads, or writes too, and that must not be overwritten; what names no file is none.
    suffixes: those that the file may have among those that name a format; all by default.
    """
    try:
        check_place(path)
        target = path.resolve()
        if path.name == "-":
            raise InputError("cannot write to '-': without -o the result is printed")
        for other in inputs:
            file = Path(str(other).partition(".py:")[0] + ".py" if ".py:" in str(other) else other)
            if file.exists() and file.is_file() and file.resolve() == target:
                raise InputError(f"cannot write {path}: it is read by this command; choose another name")
    except (OSError, ValueError, RuntimeError) as error:  # a name too long, with a NUL in it, or a loop of links
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot write {path}: {reason.lower()}") from error
    if suffixes and path.suffix.lower() in _FORMATS.difference(suffixes):
        raise InputError(f"{path}: the file should end in {_either(suffixes)}")


def _either(words: Collection[str]) -> str:
    *some, last = words
    return f"{', '.join(some)} or {last}" if some else last


def make_folder(path: Path) -> None:
    """Create a folder and those above it. Raises InputError if that is not possible."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot create the folder {path}: {(error.strerror or str(error)).lower()}") from error
