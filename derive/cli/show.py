"""`derive show`: the derivation as a document."""

from enum import StrEnum
from typing import Annotated

import typer

from derive.cli.changes import Fix, Prior, Tie, Weights
from derive.cli.options import ModelArgument, Output


class Document(StrEnum):
    """Formats of a derivation."""

    terminal = "terminal"
    markdown = "markdown"
    latex = "latex"
    html = "html"
    json = "json"


_BY_SUFFIX = {
    ".md": Document.markdown,
    ".markdown": Document.markdown,
    ".tex": Document.latex,
    ".html": Document.html,
    ".htm": Document.html,
    ".json": Document.json,
    ".txt": Document.terminal,
}


def show(
    model: ModelArgument,
    document: Annotated[
        Document | None,
        typer.Option(
            "--format", help="By default the one that FILE's suffix names, else terminal.", show_default=False
        ),
    ] = None,
    output: Output = None,
    tie: Tie = None,
    fix: Fix = None,
    prior: Prior = None,
    weights: Weights = None,
) -> None:
    """Show the derivation of a model's EM, step by step."""
    from derive.cli.changes import load_changed
    from derive.cli.output import check_writable
    from derive.runtime.writing import write_text

    if output is not None:
        check_writable(output, model, suffixes=() if document else tuple(_BY_SUFFIX))
    suffix = output.suffix.lower() if output else ""
    chosen = document or _BY_SUFFIX.get(suffix, Document.terminal)
    text = load_changed(model, tie, fix, prior, weights).show(chosen.value)
    text = text if text.endswith("\n") else text + "\n"
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_text(output, text)
