"""`derive notebook`: the derivation, its code and a fit to real data as a Jupyter notebook."""

from pathlib import Path
from typing import Annotated

import typer

from derive.cli.changes import Fix, Prior, Tie, Weights
from derive.cli.options import ModelArgument


def notebook(
    model: ModelArgument,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.")],
    tie: Tie = None,
    fix: Fix = None,
    prior: Prior = None,
    weights: Weights = None,
) -> None:
    """Write a notebook: the derivation, the generated code, and EM on real data."""
    from derive.cli.changes import load_changed
    from derive.cli.output import check_writable
    from derive.runtime.writing import write_text

    check_writable(output, model, suffixes=(".ipynb",))
    write_text(output, load_changed(model, tie, fix, prior, weights).notebook())
