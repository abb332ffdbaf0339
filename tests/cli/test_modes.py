"""`fit` in its modes, with labels and groups from columns and files: what reaches the driver, what is printed."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derive.datasets import load_faithful
from derive.runtime.em import fit
from derive.runtime.passes import fit_online
from tests.cli.conftest import Run
from tests.runtime.fakes import FAKES, FULL
from tests.runtime.streams import STREAMED_SPHERICAL

_ARGUMENTS = ("--model", "full", "-k", 2, "--n-init", 2)


@pytest.fixture(autouse=True)
def streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more model, with sufficient statistics."""
    monkeypatch.setitem(FAKES, "streamed", STREAMED_SPHERICAL)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Old Faithful with the names of some labels, and the day of each row."""
    rows = [
        f"{a},{b},{'long' if i == 0 else 'short' if i == 5 else ''},{i // 4}"
        for i, (a, b) in enumerate(load_faithful())
    ]
    path = tmp_path / "labelled.csv"
    path.write_text("\n".join(["eruptions,waiting,kind,day", *rows]) + "\n")
    return path


def _content(run: Run, *arguments: object) -> Any:
    outcome = run("fit", *arguments, *_ARGUMENTS, "--format", "json")
    assert outcome.code == 0, outcome.err
    return json.loads(outcome.out)


def test_hard_mode_says_what_it_climbs(run: Run, faithful: Path, tmp_path: Path) -> None:
    content = _content(run, faithful, "--mode", "hard")
    expected = fit(FULL, load_faithful(), 2, n_init=2, mode="hard")
    assert content["objective"] == {"name": "classification log-likelihood", "value": expected.value}
    assert content["log_likelihood"] == expected.log_likelihood
    assert content["bic"] is None
    out = run("fit", faithful, *_ARGUMENTS, "--mode", "hard", "--plot", tmp_path / "p.png").out
    assert f"classification log-likelihood  {expected.value:.6f}" in out
    assert "BIC" in out
    assert "none, the likelihood is not at its maximum  (11 parameters)" in out


def test_ordinary_em_climbs_the_log_likelihood(run: Run, faithful: Path) -> None:
    content = _content(run, faithful, "--mode", "soft")
    assert content["objective"] == {"name": "log-likelihood", "value": content["log_likelihood"]}


def test_temperatures_reach_the_driver(run: Run, faithful: Path) -> None:
    content = _content(run, faithful, "--mode", "annealed", "--temperatures", "3, 1.5,1")
    expected = fit(FULL, load_faithful(), 2, n_init=2, mode="annealed", temperatures=(3, 1.5, 1))
    assert content["iterations"] == expected.iterations
    assert content["log_likelihood"] == expected.log_likelihood


@pytest.mark.parametrize("name", ["kind", "3"])
def test_labels_of_a_column_are_no_data(run: Run, labelled: Path, name: str) -> None:
    content = _content(run, labelled, "--labels", name, "--groups", "day")
    labels = np.full(272, -1)
    labels[[0, 5]] = [0, 1]
    expected = fit(FULL, load_faithful(), 2, n_init=2, labels=labels, groups=[f"{i // 4}" for i in range(272)])
    assert content["log_likelihood"] == expected.log_likelihood
    assert content["labels"] == {"long": 0, "short": 1}
    assert content["objective"]["name"] == "log-likelihood of data and labels"
    assert content["bic"] == expected.bic


def test_labels_of_a_column_are_shown(run: Run, labelled: Path) -> None:
    out = run("fit", labelled, *_ARGUMENTS, "--columns", "eruptions", "--labels", "kind").out
    assert "long = 0, short = 1" in out


@pytest.mark.parametrize("suffix", ["csv", "headed.csv", "npy", "npz"])
def test_labels_of_a_file(run: Run, faithful: Path, tmp_path: Path, suffix: str) -> None:
    labels = np.full(272, -1)
    labels[[0, 1, 7]] = [1, 0, 1]
    path = tmp_path / f"labels.{suffix}"
    if suffix == "npy":
        np.save(path, labels)
    elif suffix == "npz":
        np.savez(path, labels)
    else:
        cells = ["" if label < 0 else str(label) for label in labels]
        cells = [cell or "NA" for cell in cells]
        path.write_text("\n".join((["label"] if suffix.startswith("headed") else []) + cells))
    expected = fit(FULL, load_faithful(), 2, n_init=2, labels=labels)
    content = _content(run, faithful, "--labels", path)
    assert content["log_likelihood"] == expected.log_likelihood
    assert "labels" not in content


def test_a_file_of_names_needs_no_header(run: Run, faithful: Path, tmp_path: Path) -> None:
    path = tmp_path / "kinds.csv"
    path.write_text("\n".join("long" if a > 3 else "short" for a, _ in load_faithful()))
    content = _content(run, faithful, "--labels", path)
    assert content["labels"] == {"long": 0, "short": 1}
    assert content["parameters"]["means"][0][0] > 4


_BAD: dict[str, tuple[tuple[str, ...], str]] = {
    "no such": (("--labels", "kindly"), "--labels 'kindly' names no file, and no column"),
    "too many": (
        ("--labels", "day", "--columns", "1,2"),
        "row 9 has the label 2; with K = 2 components labels are 0 to 1",
    ),
    "both": (("--labels", "kind", "--columns", "waiting,kind"), "takes column 'kind', which is no data here"),
    "groups both": (("--groups", "day", "--columns", "3-4"), "no column '3-4'"),
    "temperatures": (("--mode", "annealed", "--temperatures", "hot,1"), "'hot,1' should be numbers"),
    "no mode": (("--temperatures", "2,1"), "add --mode annealed"),
    "not 1": (("--mode", "annealed", "--temperatures", "4,2"), "must be 1"),
    "mode": (("--mode", "harder"), "'harder' is not one of 'soft', 'hard', 'annealed'"),
    "empty temperatures": (("--mode", "annealed", "--temperatures", ""), "should be numbers"),
}


@pytest.mark.parametrize("case", _BAD)
def test_bad_options(run: Run, labelled: Path, case: str) -> None:
    options, message = _BAD[case]
    outcome = run("fit", labelled, *_ARGUMENTS, *options)
    assert outcome.code == 2
    assert message in outcome.error


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1\n0\n", "has 2 rows for 272 rows of data; write NA where nothing is known"),
        ("1,2\n3,4\n", "line 1: 2 cells; one in each row is needed"),
        ("", "has 0 rows for 272 rows of data"),
        ("\n".join("abc"[i % 3] for i in range(272)), "holds 3 labels (a, b, c) for K = 2 components"),
        ("0.5\n" * 272, "row 1: 0.5 is no label"),
    ],
)
def test_bad_files(run: Run, faithful: Path, tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(text)
    outcome = run("fit", faithful, *_ARGUMENTS, "--labels", path)
    assert outcome.code == 2
    assert message in outcome.error


def test_a_file_of_labels_is_not_overwritten(run: Run, faithful: Path, tmp_path: Path) -> None:
    path = tmp_path / "labels.json"
    path.write_text("0\n" * 272)
    outcome = run("fit", faithful, *_ARGUMENTS, "--labels", path, "-o", path)
    assert outcome.code == 2
    assert "it is read by this command" in outcome.error
    assert path.read_text() == "0\n" * 272


def test_data_that_are_not_there(run: Run, tmp_path: Path) -> None:
    outcome = run("fit", tmp_path / "none.csv", *_ARGUMENTS, "--labels", "kind")
    assert outcome.error.endswith("none.csv: no such file")


def test_online_em_from_the_command_line(run: Run, faithful: Path) -> None:
    options = ("--online", "--block-size", 60, "--passes", 3, "--seed", 2)
    outcome = run("fit", faithful, "--model", "streamed", "-k", 2, *options, "--format", "json")
    content = json.loads(outcome.out)
    expected = fit_online(STREAMED_SPHERICAL, load_faithful(), 2, block_size=60, passes=3, seed=2)
    assert content["log_likelihood"] == expected.log_likelihood
    assert content["iterations"] == 3
    assert (
        "NOT CONVERGED: raise --passes or --tol" in run("fit", faithful, "--model", "streamed", "-k", 2, *options).out
    )


@pytest.mark.parametrize(
    ("model", "options", "message"),
    [
        ("full", ("--online",), "full has no sufficient statistics"),
        ("streamed", ("--online", "--mode", "hard"), "--mode hard cannot be used with --online"),
        ("streamed", ("--online", "--labels", "kind"), "--labels cannot be used with --online"),
        ("streamed", ("--online", "--groups", "day"), "--groups cannot be used with --online"),
        ("streamed", ("--online", "--passes", 0), "--passes must be 1 or more, not 0"),
        ("streamed", ("--online", "--block-size", -4), "--block-size must be 1 or more, not -4"),
        ("streamed", ("--block-size", 10), "--block-size belongs to online EM: add --online"),
        ("streamed", ("--passes", 10), "--passes belongs to online EM: add --online"),
    ],
)
def test_what_cannot_be_online(run: Run, faithful: Path, model: str, options: tuple[object, ...], message: str) -> None:
    outcome = run("fit", faithful, "--model", model, "-k", 2, *options)
    assert outcome.code == 2
    assert message in outcome.error
