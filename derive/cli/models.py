"""`derive models`: what there is."""

import typer


def models() -> None:
    """List the models of the catalogue, one line each."""
    from derive import api

    names = api.catalogue()
    width = max(map(len, names), default=0)
    for name in names:
        typer.echo(f"{name:<{width}}  {api.load(name).summary}")
