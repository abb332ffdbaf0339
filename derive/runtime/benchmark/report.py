"""A run as JSON, as Markdown, and as text of at most 100 columns."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from derive.runtime.benchmark.compare import Case, Row
from derive.runtime.benchmark.growth import Growth
from derive.runtime.benchmark.machine import Machine
from derive.runtime.benchmark.program import KERNEL
from derive.runtime.benchmark.rates import Rates

_HEADER = ("program", "CPU, 1 core", "of derive", "of limit", "wall, {n} cores", "memory", "differs", "")
_READING = (
    "CPU: of an iteration on one core, median. of derive: how many times the CPU time of derive. of limit: how many",
    "times the machine's limit. memory: peak of NumPy's and Python's allocations beyond the data (tracemalloc; what",
    "other languages allocate is not seen). differs: from the module's em_step after one iteration, relative.",
)


@dataclass(frozen=True)
class Run:
    """All of one run of the benchmark."""

    machine: Machine
    rates: Rates
    cases: tuple[Case, ...]
    growths: tuple[Growth, ...] = ()


def to_json(run: Run) -> str:
    """The run's numbers: seconds, bytes, flops a second; what was not measured is null."""
    content = asdict(run) | {"warning": run.machine.warning}
    for case, plain in zip(run.cases, content["cases"], strict=True):
        for row, entry in zip(case.rows, plain["rows"], strict=True):
            entry["agrees"] = row.agrees
    return json.dumps(_without_infinity(content), indent=2, ensure_ascii=False) + "\n"


def to_markdown(run: Run) -> str:
    """Tables in Markdown."""
    parts = [*_about(run), *([f"**{run.machine.warning}**"] if run.machine.warning else [])]
    for case in run.cases:
        parts += [f"**{_title(case)}**", _piped(_lines(case, run.machine.processors)), *_notes(case)]
    if run.growths:
        parts += ["**Growth of the time of derive**, CPU on one core", _piped(_growth_lines(run.growths))]
    return "\n\n".join([*parts, " ".join(_READING)]) + "\n"


def to_text(run: Run) -> str:
    """Tables for a terminal."""
    parts = ["\n".join(_about(run))]
    if run.machine.warning:
        parts.append(f"WARNING: {run.machine.warning}")
    parts += [
        "\n".join((_title(case), _aligned(_lines(case, run.machine.processors)), *_notes(case))) for case in run.cases
    ]
    if run.growths:
        parts.append(f"Growth of the time of derive, CPU on one core\n{_aligned(_growth_lines(run.growths))}")
    return "\n\n".join(_wrapped(part) for part in [*parts, " ".join(_READING)]) + "\n"


def seconds(value: float | None) -> str:
    """Seconds in a unit that reads well."""
    if value is None:
        return "-"
    if value < 1e-3:
        return f"{1e6 * value:.0f} µs"
    return f"{1e3 * value:.3g} ms" if value < 1 else f"{value:.3g} s"


def _about(run: Run) -> list[str]:
    machine, rates = run.machine, run.rates
    libraries = ", ".join(machine.libraries) or "no linear algebra library that is known"
    measured = (
        f"{rates.flops / 1e9:.0f} Gflop/s of a matrix product, {1e9 * rates.exponential:.2f} ns an exponential, "
        f"{rates.read / 1e9:.0f} GB/s read"
    )
    busy = (
        f" Other programs were running (load {machine.load:.1f}): wall times are too long." if machine.is_busy else ""
    )
    return [
        f"Python {machine.python}, NumPy {machine.numpy}, {libraries}; {machine.processors} processors.",
        f"One core, measured: {measured}.{busy}",
    ]


def _title(case: Case) -> str:
    limit = "no limit is known" if case.limit is None else f"limit {seconds(case.limit)}"
    size = f"N = {case.samples}, D = {case.columns}, K = {case.components}"
    return f"{case.model}, {size}: {case.source}; {limit}"


def _lines(case: Case, processors: int) -> list[tuple[str, ...]]:
    ours = next((row.cpu for row in case.rows if row.program == KERNEL), None)
    header = tuple(text.format(n=processors) for text in _HEADER)
    return [header, *(_line(row, ours, case.limit) for row in case.rows)]


def _line(row: Row, ours: float | None, limit: float | None) -> tuple[str, ...]:
    memory = "-" if row.memory is None else f"{row.memory / 2**20:.1f} MiB"
    away = "-" if row.difference is None else f"{row.difference:.0e}"
    noisy = row.cpu is not None and row.spread is not None and row.spread > row.cpu / 4
    mark = "not ranked" if row.note else "noisy" if noisy else ""
    times = (seconds(row.cpu), _ratio(row.cpu, ours), _ratio(row.cpu, limit), seconds(row.wall))
    return (row.program, *times, memory, away, mark)


def _notes(case: Case) -> list[str]:
    """Why programs are not ranked, a line each."""
    return [f"{row.program}: {row.note}." for row in case.rows if row.note]


def _ratio(value: float | None, unit: float | None) -> str:
    return "-" if value is None or unit is None else f"{value / unit:.2f}"


def _growth_lines(growths: Sequence[Growth]) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = [("grows", "the others", "from", "to", "time from", "to", "slope")]
    for one in growths:
        base = ", ".join(
            f"{letter} = {size}" for letter, size in zip("NDK", one.base, strict=True) if letter != one.axis
        )
        ends = (str(one.sizes[0]), str(one.sizes[-1]), seconds(one.seconds[0]), seconds(one.seconds[-1]))
        lines.append((f"{one.model}: {one.axis}", base, *ends, f"{one.slope:.2f}"))
    return lines


def _aligned(lines: Sequence[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    last = len(widths) - 1

    def cell(place: int, text: str) -> str:
        return text.ljust(widths[place]) if place in {0, last} else text.rjust(widths[place])

    return "\n".join("  ".join(cell(j, text) for j, text in enumerate(line)).rstrip() for line in lines)


def _piped(lines: Sequence[tuple[str, ...]]) -> str:
    header, *rows = (f"| {' | '.join(text.replace('|', '/') for text in line)} |" for line in lines)
    return "\n".join((header, "|---" * len(lines[0]) + "|", *rows))


def _wrapped(part: str, width: int = 100) -> str:
    """Long lines of prose broken at blanks; lines of tables are short enough."""
    lines = []
    for line in part.split("\n"):
        rest = line
        while len(rest) > width and " " in rest[:width]:
            cut = rest.rindex(" ", 0, width + 1)
            lines.append(rest[:cut].rstrip())
            rest = rest[cut + 1 :]
        lines.append(rest)
    return "\n".join(lines)


def _without_infinity(value: Any) -> Any:
    """JSON has no infinity: null, which is what cannot be told."""
    if isinstance(value, dict):
        return {key: _without_infinity(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_infinity(one) for one in value]
    return None if isinstance(value, float) and value in {float("inf"), float("-inf")} else value
