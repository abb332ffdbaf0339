"""Which files of a folder are whose: a file or a folder a student, as learning platforms export them."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from derive.errors import InputError

LARGEST = 20 << 20  # bytes of a file
_MOST_FILES = 50  # of a student
_SLUG = 80  # characters of the name of a student's files
_LEFT_OUT = {"__pycache__", "__MACOSX"}


class Kind(StrEnum):
    """What a file is judged as."""

    DERIVATION = "derivation"
    CODE = "code"
    OTHER = "other"


_KINDS = {".md": Kind.DERIVATION, ".tex": Kind.DERIVATION, ".ipynb": Kind.DERIVATION, ".py": Kind.CODE}
_OTHER = {
    ".pdf",
    ".doc",
    ".docx",
    ".odt",
    ".rtf",
    ".txt",
    ".jpg",
    ".jpeg",
    ".png",
    ".heic",
    ".zip",
    ".gz",
    ".rmd",
    ".qmd",
}


@dataclass(frozen=True)
class HandIn:
    """A file. name: its path in the folder of hand-ins. problem: why it cannot be judged, "" if it can."""

    path: Path
    name: str
    kind: Kind
    problem: str = ""


@dataclass(frozen=True)
class Student:
    """All that one student handed in. slug: names the files that are written about it, different for each student."""

    name: str
    slug: str
    files: tuple[HandIn, ...]

    def digest(self) -> str:
        """Of the names and the contents of all files."""
        whole = hashlib.sha256()
        for file in self.files:
            whole.update(f"{file.name!r} {file.kind} {file.problem!r}\n".encode())
            if not file.problem:
                with file.path.open("rb") as content:
                    whole.update(hashlib.file_digest(content, "sha256").digest())
        return whole.hexdigest()


def find_students(folder: Path, but: Path | None = None) -> tuple[Student, ...]:
    """All students, by name. but: a folder that is none of them.

    A file in the folder belongs to the student of that name, and so does a folder with all that is in it. Links are
    not followed: what they lead to was not handed in. Raises InputError where there is nothing.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder; give the one that the hand-ins are in")
    found: dict[str, list[HandIn]] = {}
    for entry in _entries(folder, but):
        name = entry.name if entry.is_dir() and not entry.is_symlink() else entry.stem
        found.setdefault(name, []).extend(_files(entry, folder, but))
    slugs: set[str] = set()
    students = []
    # those whose names are safe as they are come first and keep them
    for name, files in sorted(found.items(), key=lambda item: (_safe(item[0]) != item[0], item[0])):
        usable = [file for file in files if file.kind is not Kind.OTHER] or files
        if usable:
            students.append(Student(name, _slug(name, slugs), tuple(usable[:_MOST_FILES])))
    if not students:
        raise InputError(f"{folder} has no hand-ins: files that end in {', '.join(_KINDS)}, or folders with such files")
    return tuple(sorted(students, key=lambda student: student.name))


def _entries(folder: Path, but: Path | None) -> Iterator[Path]:
    out = but.resolve() if but is not None else None
    for entry in sorted(folder.iterdir()):
        if not entry.name.startswith(".") and entry.name not in _LEFT_OUT and entry.resolve() != out:
            yield entry


def _files(entry: Path, folder: Path, but: Path | None) -> Iterator[HandIn]:
    if entry.is_symlink() and entry.is_dir():
        yield HandIn(entry, str(entry.relative_to(folder)), Kind.OTHER, "is a link, which is not followed")
        return
    if entry.is_dir():
        inside = [file for inner in _entries(entry, but) for file in _files(inner, folder, but)]
        yield from inside
        if not inside and entry.parent == folder:
            yield HandIn(entry, entry.name, Kind.OTHER, f"holds no file that ends in {', '.join(_KINDS)}")
        return
    suffix = entry.suffix.lower()
    kind = _KINDS.get(suffix, Kind.OTHER)
    name = str(entry.relative_to(folder))
    if kind is not Kind.OTHER:
        yield HandIn(entry, name, kind, _problem(entry))
    elif suffix in _OTHER:
        yield HandIn(entry, name, kind, f"cannot be read: hand in a file that ends in {', '.join(_KINDS)}")


def _problem(path: Path) -> str:
    if path.is_symlink():
        return "is a link, which is not followed"
    if not path.is_file():
        return "is no regular file"
    try:
        with path.open("rb"):
            size = path.stat().st_size
    except OSError as error:
        return f"cannot be read: {(error.strerror or str(error)).lower()}"
    return f"is larger than {LARGEST >> 20} MB" if size > LARGEST else ""


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._")[:_SLUG] or "student"


def _slug(name: str, taken: set[str]) -> str:
    """A name that is safe in a path and a link, and that no other student has."""
    stem = _safe(name)
    slug, count = stem, 1
    while slug.lower() in taken:
        count += 1
        slug = f"{stem}-{count}"
    taken.add(slug.lower())
    return slug
