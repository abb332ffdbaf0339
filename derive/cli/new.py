"""`derive new`: a model file to start from."""

from pathlib import Path
from typing import Annotated

import typer


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the model: small letters, digits and hyphens.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write to this file; by default NAME.py, with _ for -.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write a commented model file, which verifies as it is; change its data, parameters and density."""
    from derive import api
    from derive.cli.output import check_writable
    from derive.errors import InputError
    from derive.runtime.writing import write_text

    path = output or Path(f"{name.replace('-', '_')}.py")
    text = api.starting_file(name, path)
    check_writable(path, suffixes=(".py",))
    if path.exists():
        raise InputError(f"{path} is there already, and a model in it is not overwritten; give another: -o FILE")
    if path.suffix != ".py":
        raise InputError(f"{path}: a model file should end in .py")
    write_text(path, text)
    typer.echo(f"wrote {path}")
