"""`derive grade`: judge all hand-ins of a class."""

from pathlib import Path
from typing import Annotated

import typer

from derive.checking.feedback.hints import Hints

Directory = Annotated[
    Path,
    typer.Argument(metavar="DIRECTORY", help="Hand-ins: a file or a folder for each student; .md .tex .ipynb .py."),
]
Given = Annotated[
    Path, typer.Option("--assignment", metavar="FILE", help="What is asked, as TOML: see docs/teachers.md.")
]
Out = Annotated[
    Path, typer.Option("--output", "-o", metavar="FOLDER", help="Table, pages and scores are written here.")
]
Workers = Annotated[int | None, typer.Option(metavar="COUNT", help="Files judged at a time; one a core by default.")]
TrustCode = Annotated[
    bool,
    typer.Option("--trust-code", help="Run submitted code without isolation; only code that you would run yourself."),
]
HintsOption = Annotated[
    Hints | None, typer.Option("--hints", help="How much pages give away; by default what the assignment says.")
]
Force = Annotated[bool, typer.Option("--force", help="Judge anew what an earlier run has judged.")]


def grade(
    directory: Directory,
    assignment: Given,
    output: Out,
    workers: Workers = None,
    trust_code: TrustCode = False,
    hints: HintsOption = None,
    force: Force = False,
) -> None:
    """Judge all hand-ins of a class side by side; exit 1 if something is wrong in one of them.

    Writes table.csv, index.html (the summary), pages/ (feedback for each student), results/ (JSON) and gradescope/.
    A run that was interrupted goes on where it was; a hand-in that hangs or crashes costs only itself.
    """
    import os

    from derive.checking.grading.assignment import read_assignment
    from derive.checking.grading.expected import expected_of
    from derive.checking.grading.hand_ins import find_students
    from derive.checking.grading.run import Ways
    from derive.checking.grading.run import grade as run
    from derive.cli.grade_tables import class_table, progress
    from derive.cli.output import make_folder
    from derive.errors import InputError

    if workers is not None and workers < 1:
        raise InputError(f"--workers {workers}: at least one is needed")
    asked = read_assignment(assignment)
    students = find_students(directory, output)
    expected = expected_of(asked, students)
    make_folder(output)
    ways = Ways(workers or os.cpu_count() or 1, force, trust_code)
    with progress(students) as tell:
        class_ = run(students, asked, hints or asked.hints, expected, output, ways, tell)
    class_table(class_, output)
    if not all(student.right for student in class_):
        raise typer.Exit(1)
