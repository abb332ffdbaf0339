"""Writing files whole or not at all."""

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from derive.errors import InputError


def check_writable(path: Path) -> None:
    """Raise InputError if a file cannot be written there; called before long work, so that none is lost."""
    try:
        _check_writable(path)
    except (OSError, ValueError) as error:  # a name too long, or with a NUL in it
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot write {path}: {reason.lower()}") from error


def _check_writable(path: Path) -> None:
    folder = path.parent
    if path.is_dir():
        raise InputError(f"cannot write {path}: it is a folder; name a file in it")
    if not folder.exists():
        raise InputError(f"cannot write {path}: the folder {folder} does not exist; create it first")
    if not folder.is_dir():
        raise InputError(f"cannot write {path}: {folder} is not a folder")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise InputError(f"cannot write {path}: permission denied")


def write_text(path: Path, text: str) -> None:
    """Write text as UTF-8 with the line ends that it has. Raises InputError if that is not possible."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file by way of a temporary one in the same folder, so that no half of it is ever seen.

    Raises InputError where the file cannot be written; what stood there before is then still there.
    """
    check_writable(path)
    target = path.resolve()  # a symbolic link stays one
    try:
        if target.exists() and not target.is_file():  # a device or a pipe: nothing to replace
            target.write_bytes(content)
        else:
            _replace(target, content)
    except OSError as error:
        raise InputError(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from error


def make_folder(path: Path) -> None:
    """Create a folder and those above it. Raises InputError if that is not possible."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot create the folder {path}: {(error.strerror or str(error)).lower()}") from error


def _replace(target: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).chmod(_mode(target))
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, or those that a new file gets."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
