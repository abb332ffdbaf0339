"""Every bad input: exit code 2, one clear line, nothing on stdout, nothing written."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli.conftest import Run

_FIT = ("--model", "full", "-k", "2")
_CASES: dict[str, tuple[str, tuple[Any, ...], str]] = {
    # name: (content of data.csv, arguments after `fit data.csv`, part of the message)
    "unknown model": ("1\n2\n", ("--model", "ful", "-k", "1"), "did you mean 'full'"),
    "text in a column": ("a,b\n1,2\n3,x\n", _FIT, "row 2 (line 3), column 'b': 'x' is not a number"),
    "NaN": ("a,b\n1,nan\n3,4\n", _FIT, "1 value is not finite (1 NaN), the first in row 1 (line 2), column 'b'"),
    "infinity": ("a,b\n1,2\n-inf,inf\n", _FIT, "2 values are not finite (2 infinite), the first in row 2"),
    "ragged": ("a,b\n1,2\n3\n", _FIT, "row 2 (line 3)"),
    "empty": ("", _FIT, "is empty"),
    "K > N": ("1,2\n3,5\n4,1\n", ("--model", "full", "-k", "4"), "K = 4 components for N = 3 rows"),
    "K = 0": ("1,2\n3,5\n", ("--model", "full", "-k", "0"), "-k must be 1 or more, not 0"),
    "K < 0": ("1,2\n3,5\n", ("--model", "full", "-k", "-1"), "-k must be 1 or more, not -1"),
    "K no number": ("1,2\n3,5\n", ("--model", "full", "-k", "two"), "'-k' / '--components'"),
    "K missing": ("1,2\n3,5\n", ("--model", "full"), "'-k'"),
    "model missing": ("1,2\n3,5\n", ("-k", "1"), "'--model'"),
    "D too large": ("1,2\n3,5\n", ("--model", "exponential", "-k", "1"), "model of scalar data (D = 1)"),
    "constant": ("a,b\n1,2\n3,2\n4,2\n7,2\n", ("--model", "full", "-k", "1"), "column 'b' is constant"),
    "collapse": ("1\n" * 5 + "2\n" * 5, ("--model", "full", "-k", "2"), "collapsed on one point"),
    "lost": ("1\n" * 5 + "2\n" * 5, ("--model", "full", "-k", "3"), "component 2 has no points of its own"),
    "column": ("a,b\n1,2\n3,5\n", (*_FIT, "--columns", "c"), "no column 'c'; there is 'a', 'b'"),
    "tol": ("1,2\n3,5\n", (*_FIT, "--tol", "0"), "--tol"),
    "max-iter": ("1,2\n3,5\n", (*_FIT, "--max-iter", "0"), "--max-iter"),
    "n-init": ("1,2\n3,5\n", (*_FIT, "--n-init", "0"), "--n-init"),
    "init": ("1,2\n3,5\n", (*_FIT, "--init", "best"), "there is: kmeans"),
    "seed": ("1,2\n3,5\n", (*_FIT, "--seed", "-1"), "--seed must be 0 or more"),
    "format": ("1,2\n3,5\n", (*_FIT, "--format", "xml"), "'xml' is not"),
    "option": ("1,2\n3,5\n", (*_FIT, "--sead", "1"), "--sead"),
    "plot": ("1,2\n3,5\n", (*_FIT, "--plot", "picture.gif"), ".png, .svg or .pdf"),
    "no folder": ("1,2\n3,5\n", (*_FIT, "-o", "none/params.json"), "the folder none does not exist"),
    "onto a folder": ("1,2\n3,5\n", (*_FIT, "-o", "."), "is a folder"),
    "below a file": ("1,2\n3,5\n", (*_FIT, "-o", "data.csv/params.json"), "is not a folder"),
    "onto the data": ("1,2\n3,5\n", (*_FIT, "-o", "data.csv"), "read by this command"),
    "as a picture": ("1,2\n3,5\n", (*_FIT, "-o", "params.png"), "should end in .json"),
    "a file named -": ("1,2\n3,5\n", (*_FIT, "-o", "-"), "without -o the result is printed"),
    "picture": ("1,2\n3,5\n", (*_FIT, "--plot", "none/p.png"), "the folder none does not exist"),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


@pytest.mark.parametrize("case", _CASES)
def test_fit_refuses(run: Run, folder: Path, case: str) -> None:
    content, arguments, message = _CASES[case]
    (folder / "data.csv").write_text(content)
    outcome = run("fit", "data.csv", *arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert message in outcome.error
    assert [path.name for path in folder.iterdir()] == ["data.csv"]


def test_data_that_are_no_file(run: Run, folder: Path) -> None:
    assert "no such file" in run("fit", "none.csv", *_FIT).error
    assert "is a folder" in run("fit", folder, *_FIT).error
    (folder / "data.xlsx").write_bytes(b"PK\x03\x04")
    assert "export it as CSV" in run("fit", "data.xlsx", *_FIT).error
    np.save("objects.npy", np.array([None]), allow_pickle=True)
    assert "pickled" in run("fit", "objects.npy", *_FIT).error


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file"),
        ("not json", "is not JSON"),
        ({"model": "full"}, "lacks 'parameters'"),
        ({"model": "fulll", "parameters": {}}, "did you mean 'full'"),
        ({"model": "full", "parameters": {}}, "lack 'weights', 'means', 'covariances'"),
        (
            {"model": "full", "parameters": {"weights": [1.0], "means": [[0, 0]], "covariances": [[[1, 2], [2, 1]]]}},
            "not positive definite",
        ),
        (
            {"model": "full", "parameters": {"weights": [1.0], "means": [[0.0]], "covariances": [[[1.0]]]}},
            "2 columns, but the parameters were fitted to D = 1",
        ),
    ],
)
def test_predict_refuses(run: Run, folder: Path, content: Any, message: str) -> None:
    (folder / "data.csv").write_text("a,b\n1,2\n3,4\n")
    if content is not None:
        (folder / "params.json").write_text(content if isinstance(content, str) else json.dumps(content))
    outcome = run("predict", "data.csv", "--parameters", "params.json", "-o", "labels.csv")
    assert outcome.code == 2
    assert message in outcome.error
    assert not (folder / "labels.csv").exists()


def test_predict_refuses_options_too(run: Run, folder: Path) -> None:
    for option in (("--tol", 0), ("--max-iter", 0), ("--n-init", 0), ("--init", "best")):
        assert option[0] in run("predict", "data.csv", "--parameters", "p.json", *option).error
    assert ".csv, .json or .npz" in run("predict", "data.csv", "--parameters", "p.json", "-o", "labels.xml").error
    assert "-o FILE" in run("predict", "data.csv", "--parameters", "p.json", "--format", "npz").error


def test_nothing_is_written_over_what_is_read(run: Run, folder: Path) -> None:
    (folder / "data.csv").write_text("a,b\n1,2\n3,4\n")
    (folder / "params.json").write_text("{}")
    (folder / "mine.py").write_text("x = 1\n")
    before = {path.name: path.read_text() for path in folder.iterdir()}
    for arguments in (
        ("predict", "data.csv", "--parameters", "params.json", "-o", "data.csv"),
        ("predict", "data.csv", "--parameters", "params.json", "-o", "params.json"),
        ("generate", "mine.py", "-o", "mine.py"),
        ("show", "mine.py", "-o", "mine.py", "--format", "json"),
        ("notebook", "mine.py", "-o", "mine.py"),
        ("fit", "data.csv", "--model", "mine.py", "-k", "1", "-o", "mine.py"),
    ):
        outcome = run(*arguments)
        assert outcome.code == 2
        assert "read by this command" in outcome.error
        assert {path.name: path.read_text() for path in folder.iterdir()} == before
    assert "should end in .md" in run("show", "full", "-o", "show.pdf").error
    assert "should end in .ipynb" in run("notebook", "full", "-o", "note.py").error
    assert {path.name: path.read_text() for path in folder.iterdir()} == before


def test_commands_on_models_refuse(run: Run, folder: Path) -> None:
    for arguments in (
        ("show", "ful"),
        ("verify", "ful"),
        ("generate", "ful"),
        ("notebook", "ful", "-o", "n.ipynb"),
    ):
        outcome = run(*arguments)
        assert outcome.code == 2
        assert "did you mean 'full'" in outcome.error
    assert list(folder.iterdir()) == []
    assert "frobnicate" in run("frobnicate").error
    assert "'--output'" in run("notebook", "full").error
    assert "'MODEL'" in run("show").error
    assert "'pdf' is not" in run("show", "full", "--format", "pdf").error
