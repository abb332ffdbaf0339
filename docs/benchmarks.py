"""Draws docs/images/benchmarks.png and fills the tables of docs/benchmarks.md from runs of `derive benchmark`.

derive benchmark --growth --format json -o run.json
python docs/benchmarks.py run.json [more.json ...]
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt

PAGE = Path(__file__).parent / "benchmarks.md"
PICTURE = Path(__file__).parent / "images" / "benchmarks.png"
BLOCK = re.compile(r"<!-- runs -->\n.*?<!-- end -->", re.DOTALL)
COLOURS = ("tab:blue", "tab:cyan", "tab:orange", "tab:red", "tab:green", "tab:purple")
Content = dict[str, Any]


def label(case: Content, newline: str = " ") -> str:
    """A case in a few words."""
    return f"{case['model']}{newline}{case['samples']}, {case['columns']}, {case['components']}"


def names(runs: list[Content]) -> list[str]:
    """The programs in the order in which they first appear."""
    return list(dict.fromkeys(row["program"] for run in runs for case in run["cases"] for row in case["rows"]))


def duration(seconds: float | None) -> str:
    """Milliseconds, or seconds, with three digits."""
    return "-" if seconds is None else f"{1e3 * seconds:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def about(run: Content) -> str:
    """What the figures belong to."""
    machine, rates = run["machine"], run["rates"]
    load = "" if machine["load"] is None else f" Load by other programs before the run: {machine['load']:.1f}."
    warning = f" **{run['warning']}**" if run["warning"] else ""
    return (
        f"Python {machine['python']}, NumPy {machine['numpy']}, {', '.join(machine['libraries'])}, "
        f"{machine['processors']} processors; one core: {rates['flops'] / 1e9:.0f} Gflop/s, "
        f"{1e9 * rates['exponential']:.2f} ns an exponential, {rates['read'] / 1e9:.0f} GB/s.{load}{warning}"
    )


def table(runs: list[Content]) -> str:
    """CPU times, with how many times that of derive they are, and memory of derive and the limit."""
    programs = names(runs)
    ours, *others = programs
    lines = [["N, D, K", "limit", ours, "of limit", "memory", *others], ["---"] * (5 + len(others))]
    for case in (case for run in runs for case in run["cases"]):
        rows = {row["program"]: row for row in case["rows"]}
        own, limit = rows[ours], case["limit"]
        over = "-" if limit is None or own["cpu"] is None else f"{own['cpu'] / limit:.2f}"
        memory = "-" if own["memory"] is None else f"{own['memory'] / 2**20:.1f} MiB"
        lines.append([label(case), duration(limit), duration(own["cpu"]), over, memory])
        lines[-1] += [compared(rows.get(name), own["cpu"]) for name in others]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def compared(row: Content | None, ours: float | None) -> str:
    """Another program's time, and how many times ours it is; why there is none."""
    if row is None or row["cpu"] is None:
        return "-" if row is None or not row["note"] else row["note"]
    return duration(row["cpu"]) + ("" if ours is None else f", {row['cpu'] / ours:.2f}x")


def growths(runs: list[Content]) -> str:
    """The slopes."""
    found = [one for run in runs for one in run["growths"]]
    if not found:
        return ""
    lines = [["model", "grows", "from", "to", "slope"], ["---"] * 5]
    for one in found:
        base = ", ".join(map(str, one["base"]))
        first = f"{one['sizes'][0]} ({base}): {duration(one['seconds'][0])}"
        last = f"{one['sizes'][-1]}: {duration(one['seconds'][-1])}"
        lines.append([one["model"], one["axis"], first, last, f"{one['slope']:.2f}"])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def draw(runs: list[Content]) -> None:
    """Times over the machine's limit by case, and growth with N, D and K beside it."""
    cases = [case for run in runs for case in run["cases"] if case["limit"] is not None]
    lines = [one for run in runs for one in run["growths"]]
    figure, (bars, growing) = plt.subplots(1, 2, figsize=(11, 1.5 + 0.55 * len(cases)), width_ratios=(3, 2))
    programs = names(runs)
    height = 0.8 / len(programs)
    for j, name in enumerate(programs):
        rows = [next((row for row in case["rows"] if row["program"] == name), None) for case in cases]
        ratios = [
            row["cpu"] / case["limit"] if row and row["cpu"] else 0 for row, case in zip(rows, cases, strict=True)
        ]
        places = [i + (j - (len(programs) - 1) / 2) * height for i in range(len(cases))]
        bars.barh(places, ratios, height, label=name, color=COLOURS[j % len(COLOURS)])
    bars.axvline(1, color="black", linewidth=1)
    bars.set_xscale("log")
    bars.set_xlim(left=0.8)
    bars.set_yticks(range(len(cases)), [label(case, "\n") for case in cases], fontsize=8)
    bars.invert_yaxis()
    bars.set_xlabel("CPU time of an iteration on one core, over the limit of the machine")
    bars.legend(fontsize=8)
    for one in lines:
        text = f"{one['model']}, {one['axis']}: slope {one['slope']:.2f}"
        growing.loglog(
            [size / one["sizes"][0] for size in one["sizes"]],
            [1e3 * value for value in one["seconds"]],
            "o-",
            markersize=3,
            label=text,
        )
    growing.set_xscale("log", base=2)
    growing.set_xlabel("N, D or K, over that of the start")
    growing.set_ylabel("ms an iteration")
    if lines:
        growing.legend(fontsize=8)
    else:
        growing.remove()
    figure.tight_layout()
    figure.savefig(PICTURE, dpi=110)


def main(files: list[str]) -> int:
    """Write page and picture from the runs."""
    if not files:
        sys.stderr.write("usage: python docs/benchmarks.py run.json [more.json ...]\n")
        return 2
    runs: list[Content] = [json.loads(Path(file).read_text(encoding="utf-8")) for file in files]
    parts = ["<!-- runs -->", about(runs[0]), "", table(runs), "", growths(runs), "", "<!-- end -->"]
    text = BLOCK.sub(lambda _: "\n".join(parts), PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(text, encoding="utf-8")
    draw(runs)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
