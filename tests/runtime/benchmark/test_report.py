"""The formats: numbers survive in JSON, tables fit 100 columns, and what was not measured is no number."""

import json

import pytest

from derive.runtime.benchmark.compare import Case, Row
from derive.runtime.benchmark.growth import Growth
from derive.runtime.benchmark.machine import Machine
from derive.runtime.benchmark.program import KERNEL, MODULE
from derive.runtime.benchmark.rates import Rates
from derive.runtime.benchmark.report import Run, seconds, to_json, to_markdown, to_text

ROWS = (
    Row(KERNEL, cpu=0.02, spread=0.001, wall=0.012, memory=3 * 2**20, difference=2e-16),
    Row(MODULE, cpu=0.05, spread=0.04, wall=0.05, memory=300 * 2**20, difference=0.0),
    Row("scikit-learn", cpu=0.3, spread=0.01, wall=0.2, memory=10**9, difference=1e-12),
    Row("onedal", difference=float("inf"), note="another result after one iteration"),
    Row("broken", note="failed (ImportError: " + "a very long story " * 9 + ")"),
)
CASE = Case("gaussian-full", 100_000_000, 1000, 1000, "random real numbers in 1000 clusters", 66, 0.01, 7, ROWS)
MACHINE = Machine(2, "3.11.7", "2.4.6", ("openblas 0.3.31.188.0 (SkylakeX)", "openblas 0.3.30 (SkylakeX)"), ())
FORCED = Machine(2, "3.11.7", "2.4.6", (), ("OPENBLAS_CORETYPE=Prescott",))
GROWTH = Growth("gaussian-full", "D", (20_000, 8, 8), (8, 16, 32), (0.001, 0.004, 0.016), 2.0)
RUN = Run(MACHINE, Rates(9e10, 6e-10, 1.7e10), (CASE,), (GROWTH,))


def test_a_table_fits_a_hundred_columns() -> None:
    for machine in (MACHINE, FORCED):
        text = to_text(Run(machine, RUN.rates, RUN.cases, RUN.growths))
        assert max(map(len, text.splitlines())) <= 100
        assert "  wall, 2 cores  " in text


def test_ratios_are_to_the_kernel_and_to_the_limit() -> None:
    line = next(line for line in to_text(RUN).splitlines() if line.startswith("scikit-learn"))
    assert line.split()[:7] == ["scikit-learn", "300", "ms", "15.00", "30.00", "200", "ms"]


def test_what_is_not_ranked_has_no_time() -> None:
    line = next(line for line in to_text(RUN).splitlines() if line.startswith("onedal"))
    assert line.split() == ["onedal", "-", "-", "-", "-", "-", "inf", "not", "ranked"]
    assert "\nonedal: another result after one iteration.\n" in to_text(RUN)


def test_wide_spread_is_called_noisy() -> None:
    noisy = [line for line in to_text(RUN).splitlines() if line.endswith("noisy")]
    assert [line.split("  ")[0] for line in noisy] == [MODULE]


def test_json_holds_the_numbers() -> None:
    content = json.loads(to_json(RUN), parse_constant=pytest.fail)
    rows = content["cases"][0]["rows"]
    assert [row["agrees"] for row in rows] == [True, True, True, False, False]
    assert rows[0]["cpu"] == 0.02
    assert rows[3]["difference"] is None
    assert content["rates"]["flops"] == 9e10
    assert content["growths"][0]["slope"] == 2.0
    assert content["warning"] == ""
    assert json.loads(to_json(Run(FORCED, RUN.rates, ())))["warning"].startswith("OPENBLAS_CORETYPE=Prescott is set")


def test_markdown_tables_are_whole() -> None:
    lines = [line for line in to_markdown(RUN).splitlines() if line.startswith("|")]
    assert {line.count("|") for line in lines} == {9, 8}
    assert lines[1] == "|---" * 8 + "|"


def test_a_forced_processor_stands_in_every_format() -> None:
    forced = Run(FORCED, RUN.rates, RUN.cases)
    assert "WARNING: OPENBLAS_CORETYPE=Prescott is set" in to_text(forced)
    assert "**OPENBLAS_CORETYPE=Prescott is set" in to_markdown(forced)
    assert "WARNING" not in to_text(RUN)


def test_a_busy_machine_is_said() -> None:
    busy = Machine(2, "3.11.7", "2.4.6", (), (), load=1.26)
    assert "Other programs were running (load 1.3)" in to_markdown(Run(busy, RUN.rates, ()))
    for load in (None, 0.1):
        idle = Machine(2, "3.11.7", "2.4.6", (), (), load)
        assert "Other programs" not in to_text(Run(idle, RUN.rates, ()))


@pytest.mark.parametrize(
    ("value", "text"), [(None, "-"), (4.2e-5, "42 µs"), (0.0123, "12.3 ms"), (0.999, "999 ms"), (12.34, "12.3 s")]
)
def test_seconds_have_a_unit_that_reads_well(value: float | None, text: str) -> None:
    assert seconds(value) == text
