"""`derive fit`: EM on a file of data."""

from pathlib import Path
from typing import Annotated, Any

import typer

from derive.cli.changes import Fix, Prior, Tie, Weights
from derive.cli.options import (
    INIT,
    MAX_ITER,
    N_INIT,
    TOL,
    BlockSize,
    Columns,
    DataArgument,
    Groups,
    InitWay,
    Known,
    Labels,
    MaxIter,
    Mode,
    NInit,
    Output,
    Passes,
    Report,
    Temperatures,
    Tol,
)


def fit(
    data: DataArgument,
    *,
    model: Annotated[str, typer.Option(metavar="MODEL", help="A catalogue name, or file.py or file.py:NAME.")],
    k: Annotated[int, typer.Option("-k", "--components", metavar="K", help="Number of components.")],
    seed: Annotated[int, typer.Option(metavar="SEED", help="Of all randomness; equal seeds give equal fits.")] = 0,
    output: Output = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="PNG", help="Draw the clusters and the log-likelihood (.png, .svg or .pdf).")
    ] = None,
    report: Annotated[Report, typer.Option("--format", help="How to print the result.")] = Report.terminal,
    columns: Columns = None,
    tol: Tol = TOL,
    max_iter: MaxIter = MAX_ITER,
    n_init: NInit = N_INIT,
    init: InitWay = INIT,
    known: Known = None,
    mode: Annotated[
        Mode, typer.Option(help="Ordinary EM, classification EM, or EM at falling temperatures.")
    ] = Mode.soft,
    temperatures: Temperatures = None,
    labels: Labels = None,
    groups: Groups = None,
    online: Annotated[
        bool, typer.Option("--online", help="Update after each block of rows, from sufficient statistics.")
    ] = False,
    block_size: BlockSize = None,
    passes: Passes = None,
    stream: Annotated[
        bool,
        typer.Option("--stream", help="Read NPY, Parquet or Zarr block by block; large ones always are, if possible."),
    ] = False,
    checkpoint: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep each iteration in FILE, and go on from there after a kill."),
    ] = None,
    tie: Tie = None,
    fix: Fix = None,
    prior: Prior = None,
    weights: Weights = None,
) -> None:
    """Fit a mixture of K components to a table of numbers by EM, with the generated code."""
    from derive.cli.changes import changes_of, known_of
    from derive.cli.knowns import known_files, named_in_code
    from derive.cli.latent import check_online, read_temperatures
    from derive.cli.module import module_of
    from derive.cli.output import check_writable
    from derive.cli.progress import progress
    from derive.cli.streams import Latent, read_rows
    from derive.cli.tables import fit_table
    from derive.runtime.em import fit as run
    from derive.runtime.options import Options
    from derive.runtime.parameters_json import fit_to_json
    from derive.runtime.passes import BLOCK_SIZE, PASSES, fit_online
    from derive.runtime.writing import write_bytes, write_text

    known = [*(known or ()), *known_of(weights)]
    schedule = read_temperatures(temperatures)
    Options(seed, tol, max_iter, n_init, init, mode.value, schedule)  # refused before anything is read
    check_online(
        online=online,
        belong={"--block-size": block_size, "--passes": passes},
        exclude={
            "--checkpoint": None if checkpoint is None else str(checkpoint),
            "--labels": labels,
            "--groups": groups,
            f"--mode {mode}": None if mode is Mode.soft else mode,
        },
    )
    _check_components(k)
    picture = _picture_format(plot)
    if output is not None:
        check_writable(output, data, model, labels or "", groups or "", *known_files(known), suffixes=(".json",))
    for file in filter(None, (plot, checkpoint)):
        check_writable(file, data, model)
    changes = changes_of(tie, fix, prior, weights)
    module = module_of(model, changes)
    known = named_in_code(known, module, model, changes)
    needing_all = {"--labels": labels, "--groups": groups, "--plot": plot}
    needing_all[f"--mode {mode}"] = None if mode is Mode.soft else mode
    given = read_rows(
        module, data, k, columns, known, Latent(labels, groups), needing_all, stream=stream, online=online
    )
    table = given.table
    options: dict[str, Any] = {"seed": seed, "tol": tol, "n_init": n_init, "init": init, "knowns": given.knowns} | {
        "columns": table.columns,
        "source": table.source,
    }
    if online:
        size, most = block_size or BLOCK_SIZE, passes or PASSES
        with progress(1, most) as on_iteration:
            result = fit_online(
                module, given.rows, k, block_size=size, passes=most, on_iteration=on_iteration, **options
            )
    else:
        options |= {"max_iter": max_iter, "mode": mode.value, "temperatures": schedule, **given.latent}
        with progress(n_init, max_iter) as on_iteration:
            result = run(module, given.rows, k, on_iteration=on_iteration, checkpoint=checkpoint, **options)
    text = fit_to_json(model, result, given.numbers, [(str(change.kind), change.text) for change in changes])
    if plot is not None:
        from derive.runtime.plot import render

        content = render(module, given.rows, result, table.columns, knowns=given.knowns, file_format=picture)
        write_bytes(plot, content)
    if output is not None:
        write_text(output, text)
    if report is Report.json:
        typer.echo(text, nl=False)
    else:
        fit_table(module, result, table, data, k, given.numbers)


def _check_components(k: int) -> None:
    from derive.errors import InputError

    if k < 1:
        raise InputError(f"-k must be 1 or more, not {k}")


def _picture_format(plot: Path | None) -> str:
    from derive.errors import InputError

    picture = plot.suffix.lower().removeprefix(".") if plot else ""
    if plot is not None and picture not in {"png", "svg", "pdf"}:
        raise InputError(f"--plot {plot}: the file should end in .png, .svg or .pdf")
    return picture
