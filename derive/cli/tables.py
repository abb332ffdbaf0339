"""Results on the terminal, as tables that widen where the output is no terminal."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from derive.cli.streams import Stream
from derive.runtime.dataset import DataSet
from derive.runtime.em import FitResult
from derive.runtime.letters import coordinate
from derive.runtime.protocol import GeneratedModule, shared_plate

_WIDE = 100_000  # a pipe has no width: nothing is folded there
_LABEL = 16  # width of the names of single numbers
_GAP = 3  # blanks between two columns of a table


def open_console() -> Console:
    """A console as wide as the terminal; without one, as wide as its lines."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_WIDE, color_system=None)


def _table(title: str, *headings: str) -> Table:
    table = Table(title=escape(title), title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for i, heading in enumerate(headings):
        table.add_column(escape(heading), justify="left" if i == 0 else "right", no_wrap=i > 0)
    return table


def _number(value: float) -> str:
    return f"{value:.6g}"


def fit_table(
    module: GeneratedModule,
    result: FitResult,
    table: DataSet | Stream,
    data: Path,
    k: int,
    labels: Mapping[str, int] | None = None,
) -> None:
    """Print a fit: one table of what each component has one number of, one table for each further parameter.

    labels: the number of the component of each label that has a name.
    """
    console = open_console()
    rows, width = table.shape
    console.print(Text(f"{module.MODEL}, K = {k}, fitted to {data} (N = {rows}, D = {width})", style="bold"))
    console.print()
    fields = dict(zip(module.PARAMETER_SHAPES, map(np.asarray, result.parameters), strict=True))
    shared, others = shared_plate(module)
    components = {shared, f"{shared} + {others}"}
    shapes = {
        name: tuple("K" if letter in components else letter for letter in shape)
        for name, shape in module.PARAMETER_SHAPES.items()
    }
    single = [name for name, shape in shapes.items() if shape == ("K",)]
    if single:
        summary = _table("", "component", *single)
        for component in range(k + others):  # those with densities of their own have no other parameters
            held = (fields[name][component : component + 1] for name in single)
            summary.add_row(str(component), *(_number(value[0]) if len(value) else "" for value in held))
        summary.title = None
        console.print(summary)
    for name, shape in shapes.items():
        if name not in single:
            _print_parameter(console, name, shape, fields[name], {coordinate(module): table.columns})
    state = "converged" if result.converged else f"NOT CONVERGED: raise {result.limited_by} or --tol"
    iterations = f"{result.iterations} iteration" + ("" if result.iterations == 1 else "s")
    lines = {"labels": ", ".join(f"{name} = {number}" for name, number in labels.items())} if labels else {}
    if result.objective != "log-likelihood":
        lines[result.objective] = f"{result.value:.6f}"
    lines["log-likelihood"] = f"{result.log_likelihood:.6f}"
    parameters = f"({result.n_parameters} parameters)"
    lines["BIC"] = f"none, the likelihood is not at its maximum  {parameters}"
    if result.bic is not None:
        lines["BIC"] = f"{result.bic:.6f}  {parameters}"
    lines["iterations"] = f"{iterations}, {state}"
    if result.dropped:
        lines["dropped"] = f"{len(result.dropped)} of the starts, e.g. {result.dropped[0]}"
    width = max(_LABEL, *(len(name) + 2 for name in lines))
    for name, text in lines.items():
        console.print(Text(f"{name:<{width}}{text}"), soft_wrap=True)


def _print_parameter(
    console: Console,
    name: str,
    shape: tuple[str | int, ...],
    value: NDArray[Any],
    columns: Mapping[str | int, Sequence[str]],
) -> None:
    """A number in a line, a vector in a row, a matrix in a table, a matrix a component in blocks of one table."""
    if value.ndim == 0:
        console.print(Text(f"{name} = {_number(float(value))}\n"))
        return
    if value.ndim > 3:
        console.print(Text(f"{name}, shape {value.shape}: see the JSON\n"))
        return
    blocks = value if value.ndim == 3 else np.atleast_2d(value)[None]
    rows = _labels(shape[-2], value.shape[-2], columns) if value.ndim > 1 else [""]
    across = _labels(shape[-1], value.shape[-1], columns)
    cells = [[[_number(number) for number in row] for row in block] for block in blocks]
    leading = ["component", ""] if value.ndim == 3 else ["component" if shape[0] == "K" else ""]
    first = sum(map(len, leading)) + max(map(len, rows)) + _GAP * len(leading)
    widths = [max(len(across[j]), *(len(row[j]) for block in cells for row in block)) for j in range(len(across))]
    for part in _parts(widths, console.width - first):
        table = _table(name, *leading, *(across[j] for j in part))
        for k, block in enumerate(cells):
            for i, row in enumerate(block):
                head = [str(k) if i == 0 else "", rows[i]] if value.ndim == 3 else [rows[i]]
                table.add_row(*map(Text, head), *(row[j] for j in part))
            if k + 1 < len(cells):
                table.add_row()
        console.print(table)


def _parts(widths: Sequence[int], room: int) -> list[list[int]]:
    """Columns in groups that a terminal has room for: a number that is cut off is worse than a second table."""
    parts: list[list[int]] = [[]]
    used = 0
    for j, width in enumerate(widths):
        if parts[-1] and used + width + _GAP > room:
            parts.append([])
            used = 0
        parts[-1].append(j)
        used += width + _GAP
    return parts


def _labels(letter: str | int, size: int, columns: Mapping[str | int, Sequence[str]]) -> list[str]:
    if len(columns.get(letter, ())) == size:
        return [f"column {name}" if name.isdigit() else name for name in columns[letter]]
    return [str(i) for i in range(size)] if letter == "K" else [str(i + 1) for i in range(size)]


def verification_table(model: str, checks: Sequence[Mapping[str, Any]], *, passed: bool) -> None:
    """Print the checks of `verify`, one line each, and the outcome."""
    console = open_console()
    print_checks(console, checks)
    failed = sum(not check["passed"] for check in checks)
    if passed:
        console.print(Text(f"{model}: all {len(checks)} checks passed", style="bold"))
    else:
        console.print(Text(f"{model}: {failed} of {len(checks)} checks failed", style="bold red"))


def print_checks(console: Console, checks: Sequence[Mapping[str, Any]]) -> None:
    """Print checks, one line each."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for check in checks:
        mark = Text("pass", style="green") if check["passed"] else Text("FAIL", style="bold red")
        table.add_row(mark, Text(str(check["name"])), Text(str(check["detail"])))
    console.print(table)
