"""Writing files whole or not at all."""

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from derive.errors import InputError


def check_place(path: Path) -> None:
    """Raise InputError where no file of this name can be written; OSError and ValueError as the system does."""
    if path.is_dir():
        raise InputError(f"cannot write {path}: it is a folder; name a file in it")
    for folder in dict.fromkeys((path.parent, path.resolve().parent)):  # a link leads into a folder of its own
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
    try:
        check_place(path)
        target = path.resolve()  # a symbolic link stays one
        if _is_stream(path):
            with path.open("ab") as stream:
                stream.write(content)
        else:
            _replace(target, content)
    except (OSError, ValueError, RuntimeError) as error:  # a name too long, with a NUL in it, or a loop of links
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot write {path}: {reason.lower()}") from error


def _is_stream(path: Path) -> bool:
    """A device, a pipe, or a name of the process for a file that is open: nothing to replace."""
    return (path.exists() and not path.is_file()) or str(path.absolute()).startswith(("/dev/", "/proc/"))


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
