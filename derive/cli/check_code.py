"""`derive check-code`: hand-in code is run in isolation and compared with what was derived."""

import io
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from derive.cli.options import Output

DEFAULT_MODEL = "gaussian-full"
File = Annotated[Path, typer.Argument(metavar="FILE", help="Python, with e_step, m_step, em_step, or some of them.")]
Model = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL", help="What it is compared with; by default that of the assignment, else gaussian-full."
    ),
]
Given = Annotated[
    Path | None,
    typer.Option(
        "--assignment", metavar="FILE", help="TOML: the model, and how functions are called, if that differs."
    ),
]
TrustCode = Annotated[
    bool,
    typer.Option("--trust-code", help="Run the code without isolation; only code that you would run yourself."),
]


class CodeReport(StrEnum):
    """How feedback on code is written."""

    terminal = "terminal"
    json = "json"
    html = "html"
    gradescope = "gradescope"


def check_code(
    file: File,
    model: Model = None,
    assignment: Given = None,
    report: Annotated[CodeReport, typer.Option("--format", help="How to write what was found.")] = CodeReport.terminal,
    trust_code: TrustCode = False,
    output: Output = None,
) -> None:
    """Compare functions on one step from random parameters; exit 1 if one is wrong, fails or has to be stopped.

    The code runs under bubblewrap: no network, no files but Python's own, limited time and memory. It gets the inputs
    only; what is right, and the comparison, stay outside. Where there is no bubblewrap it is not run.
    """
    from derive.checking.feedback.code import show_code
    from derive.checking.feedback.code_page import code_page
    from derive.checking.feedback.gradescope import results
    from derive.checking.feedback.scores import code_scores
    from derive.checking.grading.assignment import Assignment, read_assignment
    from derive.checking.implementations.check import check_code as checked
    from derive.checking.implementations.outcome import as_json
    from derive.cli.output import check_writable
    from derive.models.load import load_model
    from derive.runtime.writing import write_text

    if output is not None:
        check_writable(output, file)
    asked = read_assignment(assignment) if assignment else Assignment()
    mixture = load_model(model or asked.model or DEFAULT_MODEL)
    feedback = checked(file, mixture, asked.calls, trust_code=trust_code)
    if report is CodeReport.terminal:
        from rich.console import Console

        console = Console(record=output is not None, file=io.StringIO() if output is not None else None)
        show_code(console, feedback, asked.hints)
        text = console.export_text() if output is not None else ""
    elif report is CodeReport.json:
        text = json.dumps(as_json(feedback), indent=2, ensure_ascii=False) + "\n"
    elif report is CodeReport.html:
        text = code_page(feedback, asked.hints)
    else:
        earned = list(code_scores(feedback, asked.points, asked.functions, asked.hints))
        said = f"{feedback.file}: {feedback.verdict}\n{feedback.says}\n{feedback.isolation}"
        text = json.dumps(results(earned, said), indent=2, ensure_ascii=False) + "\n"
    if output is not None:
        write_text(output, text)
    else:
        typer.echo(text, nl=False)
    if not feedback.passed:
        raise typer.Exit(1)
