"""The trial of a submitted M-step on the terminal: checks, verdict, and the smallest counter-example in tables."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from derive.cli.tables import open_console, print_checks

_ROWS = 12  # samples of a problem that is printed; a larger one is in the JSON
_ENTRIES = 40  # numbers of parameters that are printed
_DIGITS = (6, 9, 12, 15, 17)


def trial_tables(content: dict[str, Any]) -> None:
    """Print what `derive.checking.submitted.report.plain` gives."""
    console = open_console()
    print_checks(console, content["checks"])
    style = "bold green" if content["passed"] else "bold red"
    verdict = f"{content['m_step']} {content['verdict']}"
    if content["latent"]:
        verdict += "; Q is that with the latent variable integrated out: one call raises it, and need not maximise it"
    elif content["coordinate_wise"]:
        verdict += "; the model's own M-step goes coordinate by coordinate, so no global maximum is claimed"
    console.print(Text(verdict, style=style), soft_wrap=True)
    if content["counter_example"]:
        console.print()
        _example(console, content["counter_example"])


def _example(console: Console, example: dict[str, Any]) -> None:
    sizes = ", ".join(f"{name} = {size}" for name, size in example["sizes"].items())
    samples = len(example["X"])
    console.print(Text(f"Smallest counter-example found: {sizes}", style="bold"))
    if samples <= _ROWS:
        console.print(_data(example))
        for title, values in (("previous", example["previous"] or {}), ("known", example["knowns"])):
            for name, value in values.items():
                console.print(Text(f"{title} {name} = {_shown(value)}"), soft_wrap=True)
    else:
        console.print(Text(f"{example['problem']}: its {samples} samples are shown with --format json"))
    if example["fault"]:
        console.print(Text(f"called with these, it {_predicate(example['fault'])}"), soft_wrap=True)
    else:
        console.print(_parameters(example))
        _values(console, example)


def _predicate(fault: str) -> str:
    """A fault that begins with a parameter's name gets a verb."""
    verbs = ("raises", "returns", "changes", "does", "ends", "is not repeatable", "called", "gives")
    return fault if fault.startswith(verbs) else f"gives a result in which {fault}"


def _new_table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _data(example: dict[str, Any]) -> Table:
    """A row for each sample: its data, its responsibilities."""
    X = np.asarray(example["X"], dtype=float)
    columns = X.reshape(len(X), -1)
    gamma = np.asarray(example["responsibilities"], dtype=float)
    names = ["x"] if X.ndim == 1 else [f"x_{j + 1}" for j in range(columns.shape[1])]
    table = _new_table("n", *names, *(f"γ_n{k}" for k in range(gamma.shape[1])))
    for n, row in enumerate(columns):
        table.add_row(str(n), *(f"{value:.6g}" for value in (*row, *gamma[n])))
    return table


def _parameters(example: dict[str, Any]) -> Table:
    """A row for each number: as submitted, and right."""
    table = _new_table("parameter", "submitted", "right", "")
    rows = [row for name in example["right"] for row in _entries(example, name)]
    differing = [row for row in rows if row[3]]
    for row in (rows if len(rows) <= _ENTRIES else differing)[:_ENTRIES]:
        table.add_row(*row)
    table.columns[0].justify = "left"
    return table


def _entries(example: dict[str, Any], name: str) -> Iterator[tuple[str, str, str, str]]:
    found = np.asarray(example["submitted"][name], dtype=float)
    right = np.asarray(example["right"][name], dtype=float)
    off = name in {one["parameter"] for one in example["off"]}
    for at in np.ndindex(right.shape):
        place = f"{name}[{', '.join(map(str, at))}]" if at else name
        a, b = float(found[at]), float(right[at])
        same = abs(a - b) <= 1e-10 * max(abs(b), float(np.abs(right).max()))
        digits = 6 if same else next((p for p in _DIGITS if f"{a:.{p}g}" != f"{b:.{p}g}"), 17)
        yield place, f"{a:.{digits}g}", f"{b:.{digits}g}", "" if same else "off" if off else "differs"


def _values(console: Console, example: dict[str, Any]) -> None:
    """Both values of Q, and which parameter is off."""
    a, b = example["q_submitted"], example["q_right"]
    digits = next((p for p in _DIGITS[1:] if f"{a:.{p}g}" != f"{b:.{p}g}"), 17)
    console.print(Text(f"Q, submitted  {a:.{digits}g}"))
    console.print(Text(f"Q, right      {b:.{digits}g}   higher by {example['shortfall']:.3g} nats"))
    if example["q_previous"] is not None and example["previous"]:
        console.print(Text(f"Q, previous   {example['q_previous']:.{digits}g}"))
    if example["exchanged"]:
        first, second = example["exchanged"]
        fields = ", ".join(example["right"])
        line = f"off: {first} and {second} stand in each other's place; the model's order is {fields}"
        console.print(Text(line), soft_wrap=True)
        return
    if example["order"]:
        order = ", ".join(map(str, example["order"]))
        console.print(Text(f"off: the order of the components; it is right in the order {order}"), soft_wrap=True)
        return
    several = len(example["responsibilities"][0]) > 1
    for one in example["off"]:
        console.print(Text(f"off: {_off(one, several=several)}"), soft_wrap=True)
    if not example["off"]:
        console.print(Text("off: several parameters together; no change of one of them alone raises Q"))


def _off(one: dict[str, Any], *, several: bool) -> str:
    where = "" if one["component"] is None or not several else f", most of all in component {one['component']}"
    factor = "" if one["factor"] is None else f"; submitted = {one['factor']:.10g} × right"
    return f"{one['parameter']}{where}: a right value in its place raises Q by {one['gain']:.3g} nats{factor}"


def _shown(value: Any) -> str:  # noqa: ANN401 - a number or nested lists of them
    return f"[{', '.join(map(_shown, value))}]" if isinstance(value, list) else f"{value:.6g}"
