"""`derive predict`: where new data belong."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from derive.cli.options import (
    INIT,
    MAX_ITER,
    N_INIT,
    TOL,
    Columns,
    DataArgument,
    InitWay,
    Known,
    MaxIter,
    NInit,
    Output,
    Tol,
)


class Layout(StrEnum):
    """How labels and responsibilities are written."""

    csv = "csv"
    json = "json"
    npz = "npz"


def predict(
    data: DataArgument,
    *,
    parameters: Annotated[Path, typer.Option(metavar="PARAMS.json", help="A file that `derive fit -o` wrote.")],
    output: Output = None,
    layout: Annotated[
        Layout | None,
        typer.Option("--format", help="By default the one that FILE's suffix names, else csv.", show_default=False),
    ] = None,
    columns: Columns = None,
    known: Known = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="The model, where it is not the one that PARAMS.json names."),
    ] = None,
    tol: Tol = TOL,
    max_iter: MaxIter = MAX_ITER,
    n_init: NInit = N_INIT,
    init: InitWay = INIT,
) -> None:
    """Write the label (from 0) and the responsibilities of each row under fitted parameters.

    PARAMS.json names its model; where that is a file of Python, the file is run, as `derive fit` ran it.

    --tol, --max-iter, --n-init and --init are accepted, so that a script can pass the options of its fit, and have no
    effect here.
    """
    from derive.cli.changes import as_stored
    from derive.cli.knowns import beside_the_data, known_files, named_in_code, read_knowns
    from derive.cli.module import module_of
    from derive.cli.output import check_writable
    from derive.cli.predictions import encode
    from derive.errors import InputError
    from derive.runtime.options import Options
    from derive.runtime.parameters_json import read_fit, to_parameters
    from derive.runtime.predict import predict as run
    from derive.runtime.read import read_data
    from derive.runtime.writing import write_bytes

    Options(0, tol, max_iter, n_init, init)
    suffix = output.suffix.lower().removeprefix(".") if output else ""
    if layout is None:
        if suffix not in {"", "txt", *Layout}:
            raise InputError(f"{output}: the file should end in .csv, .json or .npz, or --format name the format")
        layout = Layout(suffix) if suffix in set(Layout) else Layout.csv
    if output is None and layout is Layout.npz:
        raise InputError("--format npz needs a file: add -o FILE")
    if output is not None:
        check_writable(output, data, parameters, *known_files(known or ()))
    stored = read_fit(parameters)
    try:
        module = module_of(model or stored.model, as_stored(stored.changes))
    except InputError as error:
        if model is not None:
            raise
        raise InputError(f"{parameters} names the model {stored.model!r}: {error}") from error
    values = to_parameters(module, stored)
    given = named_in_code(known or (), module, model or stored.model, as_stored(stored.changes))
    table = read_data(data, columns, beside_the_data(given, module, data))
    knowns = read_knowns(given, module, data)
    prediction = run(module, table.values, values, knowns=knowns, source=table.source)
    content = encode(prediction, layout.value)
    if output is None:
        typer.echo(content.decode(), nl=False)
    else:
        write_bytes(output, content)
