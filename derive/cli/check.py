"""`derive check`: a handed-in derivation, judged row by row."""

import io
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from derive.cli.options import Output

UNREADABLE = 2
File = Annotated[Path, typer.Argument(metavar="FILE", help="Markdown, LaTeX or a notebook.")]
Model = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL", help="What is derived; by default what the front matter of FILE names, else gaussian-full."
    ),
]
Symbol = Annotated[
    list[str] | None,
    typer.Option(
        "--symbol", metavar="NAME=MEANING", help=r"What a symbol means: '\phi=weights', 'h=responsibilities'."
    ),
]


class HintLevel(StrEnum):
    """How much is given away about a mistake."""

    none = "none"
    where = "where"
    why = "why"
    solution = "solution"


class CheckReport(StrEnum):
    """How feedback on a derivation is written."""

    terminal = "terminal"
    json = "json"
    html = "html"
    gradescope = "gradescope"


def check(
    file: File,
    model: Model = None,
    hints: Annotated[HintLevel, typer.Option(help="How much is said about a mistake.")] = HintLevel.why,
    report: Annotated[
        CheckReport, typer.Option("--format", help="How to write what was found.")
    ] = CheckReport.terminal,
    symbol: Symbol = None,
    output: Output = None,
) -> None:
    """Judge every row of a derivation: right, wrong, right given a wrong row, or not checked; exit 1 if one is wrong.

    "Wrong" is a proof: the two sides differ in exact numbers, and the smallest counter-example is shown. A row that
    cannot be read is never called right or wrong.
    """
    from derive.checking.derivations.check import check_document
    from derive.checking.derivations.given import read_meanings
    from derive.checking.feedback.derivation_page import derivation_page
    from derive.checking.feedback.gradescope import results
    from derive.checking.feedback.hints import Hints
    from derive.checking.feedback.report import as_json
    from derive.checking.feedback.scores import derivation_scores, summary
    from derive.checking.feedback.terminal import show
    from derive.checking.parsing.documents import read_document
    from derive.cli.output import check_writable
    from derive.models.load import load_model
    from derive.runtime.writing import write_text

    if output is not None:
        check_writable(output, file)
    document = read_document(file)
    mixture = load_model(model) if model is not None else None
    feedback = check_document(document, mixture, read_meanings(symbol or ()))
    level = Hints(hints.value)
    if report is CheckReport.terminal:
        from rich.console import Console

        console = Console(record=output is not None, file=io.StringIO() if output is not None else None)
        show(console, feedback, level, document)
        text = console.export_text() if output is not None else ""
    elif report is CheckReport.json:
        text = json.dumps(as_json(feedback, level), indent=2, ensure_ascii=False) + "\n"
    elif report is CheckReport.html:
        text = derivation_page(feedback, level, document)
    else:
        earned = list(derivation_scores(feedback, hints=level))
        text = json.dumps(results(earned, summary(feedback)), indent=2, ensure_ascii=False) + "\n"
    if output is not None:
        write_text(output, text)
    else:
        typer.echo(text, nl=False)
    if not any(row.verdict.value != "unchecked" for row in feedback.rows):
        raise typer.Exit(UNREADABLE)
    if not feedback.passed:
        raise typer.Exit(1)
