"""`derive generate`: write the NumPy modules, or check that those written are current."""

from pathlib import Path
from typing import Annotated

import typer

from derive.cli.changes import Fix, Prior, Tie, Weights

_DEFAULT_FOLDER = Path("generated")


def generate(
    models: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="MODEL",
            help="Names that `derive models` lists, or file.py or file.py:NAME; the whole catalogue by default.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="A folder, created if need be, by default generated/; each MODEL becomes a file in it, after its name "
            "(gaussian-full: gaussian_full.py). For a single MODEL also a file.",
        ),
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; exit 1 and show the difference where a file is not current."),
    ] = False,
    fused: Annotated[
        bool,
        typer.Option("--fused", help="One file with the fast kernel inlined, for projects that do not install derive."),
    ] = False,
    tie: Tie = None,
    fix: Fix = None,
    prior: Prior = None,
    weights: Weights = None,
) -> None:
    """Write the NumPy module of each model, or with --check compare those that are there.

    Without MODEL, --check also finds modules in the folder that no model of the catalogue makes.
    """
    from derive.cli.changes import changes_of
    from derive.cli.plan import Plan, plan

    planned: Plan = plan(
        tuple(models or ()), output, _DEFAULT_FOLDER, changes_of(tie, fix, prior, weights), fused=fused
    )
    if check:
        from derive.cli.differences import differences

        found = differences(planned)
        for difference in found:
            typer.echo(difference.text, nl=False)
        if found:
            summary = ", ".join(f"{difference.path} is {difference.kind}" for difference in found)
            typer.echo(f"not current: {summary}; run: {planned.command}", err=True)
            raise typer.Exit(1)
        return
    from derive.cli.output import check_writable, make_folder
    from derive.runtime.writing import write_text

    make_folder(planned.folder)
    for path in planned.files:  # all or nothing
        check_writable(path, *(models or ()))
    for path, text in planned.files.items():
        write_text(path, text)
        typer.echo(f"wrote {path}")
