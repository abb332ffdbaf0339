"""The table of a class as CSV: a row a file."""

import csv
import io
from collections.abc import Iterable, Iterator

from derive.checking.feedback.clean import shortened
from derive.checking.grading.graded import Graded
from derive.checking.grading.judged import Judged

HEADINGS = (
    "student",
    "file",
    "kind",
    "state",
    "score",
    "student_score",
    "student_max",
    "coverage",
    "first_wrong",
    "results",
    "mistakes",
    "seconds",
    "isolation",
    "says",
    "page",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def table(class_: Iterable[Graded]) -> str:
    """The text of the table. Nothing in it is a formula to a spreadsheet: such text gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADINGS)
    for student in class_:
        for file in student.files:
            writer.writerow(map(_cell, _row(student, file)))
    return out.getvalue()


def _row(student: Graded, file: Judged) -> Iterator[str | float | None]:
    yield student.student
    yield file.file
    yield file.kind
    yield file.state.value
    yield round(sum(one.score for one in file.earned), 2)
    yield student.score
    yield student.most
    yield round(file.coverage, 4) if file.coverage is not None else None
    yield file.first_wrong
    yield "; ".join(f"{name} {state}" for name, state in file.results.items())
    yield "; ".join(file.mistakes)
    yield file.seconds
    yield file.isolation
    yield file.says
    yield f"pages/{student.slug}.html"


def _cell(value: str | float | None) -> str | float:
    if not isinstance(value, str):
        return "" if value is None else value
    shown = shortened(value, 1000)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) or value.startswith(_FORMULA) else shown
