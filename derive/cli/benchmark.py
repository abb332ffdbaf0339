"""`derive benchmark`: time one EM iteration beside other programs and the machine's limit."""

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from derive.cli.options import Columns, Known

if TYPE_CHECKING:
    from collections.abc import Callable

    from derive.runtime.benchmark.problem import Problem
    from derive.runtime.protocol import GeneratedModule

_CASES = ("200000,2,5", "100000,10,10", "20000,64,32")
_SCALAR_CASES = ("200000,1,5", "50000,1,50")
_GROWTH = "20000,8,8"
_SCALAR_GROWTH = "50000,1,8"
_DATA_K = 5


class Format(StrEnum):
    """How a run is printed."""

    terminal = "terminal"
    json = "json"
    markdown = "markdown"


def benchmark(
    model: Annotated[
        str, typer.Argument(metavar="[MODEL]", help="A name that `derive models` lists, or file.py or file.py:NAME.")
    ] = "gaussian-full",
    *,
    case: Annotated[
        list[str] | None,
        typer.Option(metavar="N,D,K", help="Rows, columns and components of random data; may be repeated."),
    ] = None,
    peers: Annotated[
        str | None,
        typer.Option(metavar="LIST", help="Among scikit-learn, onedal; or none; by default those that are installed."),
    ] = None,
    report: Annotated[Format, typer.Option("--format", help="How to print the result.")] = Format.terminal,
    repeats: Annotated[int, typer.Option(metavar="COUNT", help="Measurements of each program, in turns.")] = 7,
    data: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A CSV, NPY or NPZ file of numbers instead of random data.")
    ] = None,
    k: Annotated[int | None, typer.Option("-k", metavar="K", help="With --data: the number of components.")] = None,
    columns: Columns = None,
    known: Known = None,
    growth: Annotated[
        bool, typer.Option("--growth", help="Also time the growth with N, K and D, from the case (one) upwards.")
    ] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.")] = None,
) -> None:
    """Time one EM iteration beside scikit-learn, oneDAL and the machine's limit, from one start.

    Programs run in turns; medians are shown. One whose parameters differ after one iteration is marked and not ranked.
    """
    from derive.cli.module import module_of
    from derive.cli.output import check_writable
    from derive.cli.progress import status
    from derive.errors import InputError
    from derive.runtime.benchmark.compare import compare
    from derive.runtime.benchmark.draw import accepted_kind, drawn
    from derive.runtime.benchmark.growth import growth as measured_growth
    from derive.runtime.benchmark.machine import load_average, machine
    from derive.runtime.benchmark.peers import chosen
    from derive.runtime.benchmark.rates import measure
    from derive.runtime.benchmark.report import Run, to_json, to_markdown, to_text
    from derive.runtime.writing import write_text

    if repeats < 1:
        raise InputError(f"--repeats must be 1 or more, not {repeats}")
    if data is not None and (case or growth):
        raise InputError("--data gives the rows and columns: leave --case and --growth out, and choose K by -k")
    if data is None and (k is not None or columns or known):
        raise InputError("-k, --columns and --known belong to --data FILE; random data have their size by --case N,D,K")
    if growth and len(case or ()) > 1:
        raise InputError("--growth starts from one --case")
    load = load_average()
    others = chosen(peers)
    sizes = [_size(text) for text in case or ()]
    if output is not None:
        check_writable(output, model, *([data] if data else []), suffixes=(".json", ".md"))
    module = module_of(model)
    if data is not None:
        problem = _of_file(module, model, data, _DATA_K if k is None else k, columns, known)
        makers: dict[str, Callable[[], Problem]] = {str(data): lambda: problem}
    else:
        usual = _CASES if module.EVENT_SHAPE else _SCALAR_CASES
        wanted = sizes or [_size(text) for text in usual]
        for size in wanted:
            accepted_kind(module, size)  # refused before anything is timed
        makers = {",".join(map(str, size)): partial(drawn, module, size) for size in wanted}
    start = sizes[0] if sizes else _size(_GROWTH if module.EVENT_SHAPE else _SCALAR_GROWTH)
    cases = []
    with status() as tell:
        tell("measuring the rates of the machine")
        rates = measure()
        for place, (name, make) in enumerate(makers.items(), start=1):
            tell(f"timing {module.MODEL} on {name}, {place} of {len(makers)}")
            cases.append(compare(make(), others, rates, repeats))
        tell(f"timing the growth of {module.MODEL}")
        grown = measured_growth(module, start, repeats) if growth else ()
    run = Run(machine(load=load), rates, tuple(cases), grown)
    text = {Format.json: to_json, Format.markdown: to_markdown, Format.terminal: to_text}[report](run)
    if output is not None:
        write_text(output, text)
    else:
        typer.echo(text, nl=False)


def _size(text: str) -> tuple[int, int, int]:
    from derive.errors import InputError

    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 12 for part in parts):
        raise InputError(f"--case {text!r} is not of the form N,D,K, for instance 100000,10,10")
    N, D, K = map(int, parts)
    if min(N, D, K) < 1 or K > N:
        raise InputError(f"--case {text}: N, D and K are positive, and K is at most N")
    return N, D, K


def _of_file(
    module: "GeneratedModule", model: str, data: Path, k: int, columns: str | None, known: list[str] | None
) -> "Problem":
    from derive.cli.knowns import beside_the_data, named_in_code, read_knowns
    from derive.errors import InputError
    from derive.runtime.benchmark.problem import from_data
    from derive.runtime.read import read_data
    from derive.runtime.shapes import check_knowns, sizes_of

    if k < 1:
        raise InputError(f"-k must be 1 or more, not {k}")
    options = named_in_code(known or (), module, model)
    table = read_data(data, columns, beside_the_data(options, module, data))
    X = table.values
    sizes = sizes_of(module, len(X), k, X[:1].size)
    knowns = check_knowns(module, read_knowns(options, module, data), sizes)
    if k > len(X):
        raise InputError(f"-k {k} is more than the {len(X)} rows of {data}")
    return from_data(module, X, k, knowns, str(data))
