"""`derive verify MODEL --m-step`: exit codes, JSON, and one line for what cannot be used."""

import json
import math
from pathlib import Path

import pytest

from derive.cli import main
from tests.checking.submitted import m_steps
from tests.cli.conftest import Outcome, Run

FILE = m_steps.__file__


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Calls `derive`, over the catalogue itself."""

    def call(*arguments: object) -> Outcome:
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call


def test_a_right_m_step_is_exit_code_0(run: Run) -> None:
    outcome = run("verify", "gaussian-full", "--m-step", f"{FILE}:right")
    assert outcome.code == 0, outcome
    assert outcome.out.rstrip().endswith("m_steps.py:right maximises Q")


def test_json_holds_the_counter_example(run: Run) -> None:
    outcome = run("verify", "gaussian-full", "--m-step", f"{FILE}:equal_weights", "--format", "json")
    assert outcome.code == 1
    content = json.loads(outcome.out)
    assert content["passed"] is False
    assert content["verdict"] == "lowers Q"
    example = content["counter_example"]
    assert [one["parameter"] for one in example["off"]] == ["weights"]
    assert example["submitted"]["weights"] == [0.5, 0.5]
    shares = [sum(row[k] for row in example["responsibilities"]) for k in range(2)]
    assert example["right"]["weights"] == pytest.approx([share / sum(shares) for share in shares])
    # Only the term of the weights differs: sum_k N_k log pi_k, by hand
    gap = sum(share * (math.log(share / sum(shares)) - math.log(0.5)) for share in shares)
    assert example["q_right"] - example["q_submitted"] == pytest.approx(gap)
    assert example["shortfall"] == pytest.approx(gap)


def test_what_hangs_is_told_with_its_time_limit(run: Run) -> None:
    outcome = run("verify", "gaussian-1d", "--m-step", f"{FILE}:endless", "--time-limit", "0.3")
    assert outcome.code == 1
    assert "does not return within 0.3 s" in outcome.out


def test_a_time_limit_without_a_function_is_refused(run: Run) -> None:
    outcome = run("verify", "gaussian-1d", "--time-limit", "3")
    assert outcome.code == 2
    assert "add --m-step" in outcome.error


@pytest.mark.parametrize("limit", ["0", "-1", "nan"])
def test_a_time_limit_that_is_none_is_refused(run: Run, limit: str) -> None:
    outcome = run("verify", "gaussian-1d", "--m-step", f"{FILE}:right", "--time-limit", limit)
    assert outcome.code == 2
    assert "positive number of seconds" in outcome.error


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("absent_module:f", "there is no module 'absent_module'"),
        ("absent.py:f", "does not exist"),
        (f"{FILE}:absent", "has no 'absent'"),
        (f"{FILE}:NOT_A_FUNCTION", "no function"),
        ("", "names no function"),
    ],
)
def test_what_is_not_there_is_one_line(run: Run, function: str, words: str) -> None:
    outcome = run("verify", "gaussian-1d", "--m-step", function)
    assert outcome.code == 2
    assert words in outcome.error


def test_code_that_fails_on_import_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("raise ValueError('two\\nlines')\n")
    outcome = run("verify", "gaussian-1d", "--m-step", f"{tmp_path / 'broken.py'}:f")
    assert outcome.code == 2
    assert "ValueError: two lines (broken.py, line 1)" in outcome.error
