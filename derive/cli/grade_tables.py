"""A class on the terminal: a bar while it is judged, then a line a student."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from derive.checking.feedback.clean import shortened
from derive.checking.grading.graded import Graded
from derive.checking.grading.hand_ins import Student
from derive.checking.grading.judged import State
from derive.checking.grading.overview import mistakes_of
from derive.cli.tables import open_console

_STYLES = {State.RIGHT: "green", State.WRONG: "bold red"}
_MARKS = {State.RIGHT: "✓", State.WRONG: "✗"}


@contextmanager
def progress(students: Sequence[Student]) -> Iterator[Callable[[str, int], None]]:
    """A function to tell of each student that is done; silent where stderr is no terminal."""
    console = Console(stderr=True)
    if not (console.is_terminal and sys.stderr.isatty()):
        yield lambda _name, _files: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("judging", total=sum(len(student.files) for student in students))

        def tell(name: str, files: int) -> None:
            bar.update(task, advance=files, description=shortened(name, 24))

        yield tell


def class_table(class_: Sequence[Graded], out: Path) -> None:
    """Print a line a file, the mistakes that occurred most, and where the pages are."""
    console = open_console()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("", "student", "file", "points", "first wrong", "mistakes"):
        table.add_column(heading, justify="right" if heading == "points" else "left", overflow="fold")
    for student in class_:
        for i, file in enumerate(student.files):
            table.add_row(
                Text(_MARKS.get(file.state, "!"), style=_STYLES.get(file.state, "yellow")),
                Text(shortened(student.student, 40) if not i else ""),
                Text(shortened(file.file, 60)),
                Text(f"{student.score:g}/{student.most:g}" if not i else ""),
                Text(f"line {file.first_wrong}" if file.first_wrong is not None else ""),
                Text(shortened(", ".join(dict.fromkeys(file.mistakes)) or _said(student, i), 100)),
            )
    console.print(table)
    if common := mistakes_of(class_).most_common(5):
        told = ", ".join(f"{shortened(name, 60)} ({count})" for name, count in common)
        console.print(Text(f"most frequent mistakes: {told}"), soft_wrap=True)
    right = sum(student.right for student in class_)
    style = "bold green" if right == len(class_) else "bold red"
    summary = f"{len(class_)} hand-ins, {right} without anything wrong; summary in {out / 'index.html'}"
    console.print(Text(summary, style=style), soft_wrap=True)


def _said(student: Graded, number: int) -> str:
    file = student.files[number]
    return "" if file.state in _STYLES else file.says
