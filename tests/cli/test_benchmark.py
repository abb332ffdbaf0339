"""`derive benchmark`: its refusals, its formats, data of a file."""

import json
from pathlib import Path

import numpy as np
import pytest

from derive.cli import main


@pytest.fixture(autouse=True)
def catalogue() -> None:
    """The real one, of which the committed modules run, in the place of the fakes of the other tests here."""


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["benchmark", *map(str, arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--case", "10,2"], "--case '10,2' is not of the form N,D,K"),
        (["--case", "10,2,x"], "is not of the form N,D,K"),
        (["--case", "1e3,2,2"], "is not of the form N,D,K"),
        (["--case", "3,2,4"], "K is at most N"),
        (["--case", "3,0,1"], "N, D and K are positive"),
        (["--peers", "numba"], "there is no 'numba'; there is: scikit-learn, onedal, or none"),
        (["--repeats", "0"], "--repeats must be 1 or more, not 0"),
        (["-k", "3"], "belong to --data FILE"),
        (["--data", "x.csv", "--case", "10,2,2"], "leave --case and --growth out"),
        (["--growth", "--case", "10,2,2", "--case", "20,2,2"], "--growth starts from one --case"),
        (["poisson", "--case", "100,2,2"], "D is 1, not 2"),
        (["poisson", "--case", "100,1,2", "--case", "100,3,2"], "D is 1, not 3"),
        (["no-such-model"], "no-such-model"),
        (["-o", "out.csv"], "should end in .json or .md"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    code, out, err = call(capsys, *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_random_data_in_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    options = ("--case", "300,3,2", "--peers", "none", "--repeats", "1", "--growth", "--format", "json", "-o", file)
    assert call(capsys, "gaussian-tied", *options) == (0, "", "")
    content = json.loads(file.read_text(encoding="utf-8"))
    (case,) = content["cases"]
    assert [case[name] for name in ("model", "samples", "columns", "components")] == ["gaussian-tied", 300, 3, 2]
    assert [row["agrees"] for row in case["rows"]] == [True, True]
    assert [one["axis"] for one in content["growths"]] == ["N", "D", "K"]


def test_data_of_a_file_with_known_constants(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    rng = np.random.default_rng(3)
    exposures = rng.uniform(1, 2, 90)
    counts = rng.poisson(exposures * rng.choice([2, 20], 90))
    np.savetxt(file, np.column_stack([counts, exposures]), delimiter=",", header="calls,hours", comments="")
    options = ("--data", file, "-k", "2", "--known", "exposures=hours", "--repeats", "1", "--peers", "none")
    code, out, err = call(capsys, "poisson", *options)
    assert (code, err) == (0, "")
    assert f"poisson, N = 90, D = 1, K = 2: {file}" in " ".join(out.split())
    assert call(capsys, "poisson", "--data", file, "-k", "2", "--peers", "none")[0] == 2


def test_markdown_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--case", "200,2,2", "--repeats", "1", "--peers", "none", "--format", "markdown")
    code, out, _ = call(capsys, "gaussian-diagonal", *options)
    assert code == 0
    assert "| program | CPU, 1 core |" in out
