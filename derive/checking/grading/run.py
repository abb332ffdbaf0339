"""Judges a class side by side and writes what comes of it; goes on where a run before was interrupted."""

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from derive.checking.feedback.gradescope import results
from derive.checking.feedback.hints import Hints
from derive.checking.grading.assignment import Assignment
from derive.checking.grading.graded import Expected, Graded, graded
from derive.checking.grading.hand_ins import HandIn, Kind, Student
from derive.checking.grading.job import Job
from derive.checking.grading.judged import Judged, State
from derive.checking.grading.overview import overview
from derive.checking.grading.pool import WORKER, Pool
from derive.checking.grading.student_page import student_page
from derive.checking.grading.table import table
from derive.errors import InputError
from derive.runtime.writing import write_text

_VERSION = "1"  # of what is kept; another one is judged anew


@dataclass(frozen=True)
class Ways:
    """How a class is judged. force: also what an earlier run has judged. module: what the processes run."""

    workers: int = 2
    force: bool = False
    trust_code: bool = False
    module: str = WORKER


def grade(
    students: Sequence[Student],
    assignment: Assignment,
    hints: Hints,
    expected: Expected,
    out: Path,
    ways: Ways,
    tell: Callable[[str, int], None] = lambda _name, _files: None,
) -> tuple[Graded, ...]:
    """Judge all files and write table.csv, index.html, pages/, results/ and gradescope/ into a folder.

    tell: called with a student's name and number of files when that student is done. Files of a student are written
    when all of them are judged, the result last; each is whole or not there. Raises InputError where nothing can be
    written.
    """
    folders = {name: _folder(out / name) for name in ("pages", "results", "gradescope")}
    keys = {student.slug: _key(student, assignment, hints, expected, ways) for student in students}
    done: dict[str, Graded] = {}
    for student in students:
        kept = None if ways.force else _kept(folders, student, keys[student.slug])
        if kept is not None:
            done[student.slug] = kept
            tell(student.name, len(student.files))
    waiting = [student for student in students if student.slug not in done]
    found: dict[str, dict[str, Judged]] = {student.slug: {} for student in waiting}
    by_name = {file.name: student for student in waiting for file in student.files}

    def finish(student: Student, file: HandIn, judged: Judged) -> None:
        found[student.slug][file.name] = judged
        if len(found[student.slug]) == len(student.files):
            files = [found[student.slug][file.name] for file in student.files]
            whole = graded(student, keys[student.slug], files, assignment, expected)
            _write(folders, assignment, whole)
            done[student.slug] = whole
            tell(student.name, len(student.files))

    for student in waiting:
        for file in student.files:
            if file.problem:
                finish(student, file, Judged(file.name, file.kind.value, State.UNUSABLE, file.problem))
    files = {file.name: file for student in waiting for file in student.files}
    jobs = [
        Job(str(file.path), file.name, file.kind, f"row-{i}", assignment, hints, ways.trust_code)
        for student in waiting
        for i, file in enumerate(student.files, 1)
        if not file.problem
    ]
    with Pool(min(ways.workers, len(jobs) or 1), ways.module) as pool:
        for job, judged in pool.judged(jobs):
            finish(by_name[job.name], files[job.name], judged)
    class_ = tuple(done[student.slug] for student in students)
    write_text(out / "table.csv", table(class_))
    write_text(out / "index.html", overview(assignment.title, class_))
    return class_


def needs_code(students: Sequence[Student]) -> bool:
    """Whether somebody handed in code."""
    return any(file.kind is Kind.CODE and not file.problem for student in students for file in student.files)


def _key(student: Student, assignment: Assignment, hints: Hints, expected: Expected, ways: Ways) -> str:
    said = f"{_VERSION} {assignment!r} {hints} {expected!r} {ways.trust_code} {student.name!r} {student.digest()}"
    return hashlib.sha256(said.encode("utf-8", "backslashreplace")).hexdigest()


def _kept(folders: dict[str, Path], student: Student, key: str) -> Graded | None:
    """What an earlier run has found, if all of it is still there and still holds."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = Graded.of((folders["results"] / f"{student.slug}.json").read_text(encoding="utf-8"))
        page = folders["pages"] / f"{student.slug}.html"
        scores = folders["gradescope"] / student.slug / "results.json"
        if kept.key == key and page.is_file() and scores.is_file():
            return kept
    return None


def _write(folders: dict[str, Path], assignment: Assignment, student: Graded) -> None:
    write_text(folders["pages"] / f"{student.slug}.html", student_page(assignment.title, student))
    said = "\n".join(f"{file.file}: {file.says}" for file in student.files)
    seconds = sum(file.seconds for file in student.files)
    content = json.dumps(results(student.earned, said, seconds), indent=1)
    write_text(_folder(folders["gradescope"] / student.slug) / "results.json", content + "\n")
    write_text(folders["results"] / f"{student.slug}.json", student.text())


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot create the folder {path}: {(error.strerror or str(error)).lower()}") from error
    return path
