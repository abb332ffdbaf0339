"""`fit` and `predict`: what they print and write."""

import json
from pathlib import Path

import numpy as np
import pytest

from derive.datasets import load_faithful
from derive.runtime.em import fit
from tests.cli.conftest import Run
from tests.runtime.fakes import FULL, SPHERICAL

_KEYS = ["model", "parameters", "log_likelihood", "objective", "bic", "n_parameters", "iterations", "converged"]


def test_fit_prints_parameters_and_how_well_they_fit(run: Run, faithful: Path) -> None:
    outcome = run("fit", faithful, "--model", "full", "-k", 2)
    assert outcome.code == 0
    assert outcome.err == ""
    assert "\x1b" not in outcome.out
    for part in ("weights", "means", "covariances", "eruptions", "waiting", "-1130.2639", "2322.19", "converged"):
        assert part in outcome.out
    assert "NOT CONVERGED" not in outcome.out


def test_fit_says_when_it_did_not_converge(run: Run, faithful: Path) -> None:
    outcome = run("fit", faithful, "--model", "full", "-k", 3, "--max-iter", 1)
    assert outcome.code == 0
    assert "1 iteration, NOT CONVERGED" in outcome.out


def test_fit_as_json_is_json_and_nothing_else(run: Run, faithful: Path, tmp_path: Path) -> None:
    target = tmp_path / "params.json"
    outcome = run("fit", faithful, "--model", "full", "-k", 2, "--seed", 3, "--format", "json", "-o", target)
    content = json.loads(outcome.out)
    assert list(content) == _KEYS
    assert content["model"] == "full"
    assert np.shape(content["parameters"]["covariances"]) == (2, 2, 2)
    assert target.read_text() == outcome.out
    expected = fit(FULL, load_faithful(), 2, seed=3)
    assert content["log_likelihood"] == expected.log_likelihood
    assert content["iterations"] == expected.iterations


def test_options_reach_the_driver(run: Run, faithful: Path) -> None:
    options = ("--tol", 1e-2, "--max-iter", 40, "--n-init", 2, "--init", "random", "--columns", "2", "--seed", 9)
    outcome = run("fit", faithful, "--model", "spherical", "-k", 2, "--format", "json", *options)
    X = np.ascontiguousarray(load_faithful()[:, 1:])
    expected = fit(SPHERICAL, X, 2, tol=1e-2, max_iter=40, n_init=2, init="random", seed=9)
    assert json.loads(outcome.out)["log_likelihood"] == expected.log_likelihood


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_fit_draws(run: Run, faithful: Path, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"picture.{suffix}"
    assert run("fit", faithful, "--model", "full", "-k", 2, "--plot", target).code == 0
    assert target.stat().st_size > 5000


def test_fit_then_predict(run: Run, faithful: Path, tmp_path: Path) -> None:
    params, csv, npz = (tmp_path / name for name in ("params.json", "labels.csv", "labels.npz"))
    assert run("fit", faithful, "--model", "full", "-k", 2, "-o", params).code == 0
    printed = run("predict", faithful, "--parameters", params)
    assert printed.code == 0
    assert printed.out.splitlines()[0] == "label,responsibility_0,responsibility_1"
    assert run("predict", faithful, "--parameters", params, "-o", csv).out == ""
    assert csv.read_text() == printed.out
    table = np.loadtxt(csv, delimiter=",", skiprows=1)
    parameters = fit(FULL, load_faithful(), 2).parameters
    np.testing.assert_array_equal(table[:, 1:], FULL.e_step(load_faithful(), parameters))
    np.testing.assert_array_equal(table[:, 0], table[:, 1:].argmax(axis=1))
    as_json = json.loads(run("predict", faithful, "--parameters", params, "--format", "json").out)
    assert as_json["labels"] == table[:, 0].tolist()
    assert run("predict", faithful, "--parameters", params, "-o", npz).code == 0
    with np.load(npz) as arrays:
        np.testing.assert_array_equal(arrays["responsibilities"], table[:, 1:])


def test_predict_takes_the_options_of_fit(run: Run, faithful: Path, tmp_path: Path) -> None:
    params = tmp_path / "params.json"
    options = ("--columns", "waiting", "--tol", 1e-4, "--max-iter", 50, "--n-init", 1, "--init", "random")
    assert run("fit", faithful, "--model", "spherical", "-k", 2, "-o", params, *options).code == 0
    assert run("predict", faithful, "--parameters", params, *options).code == 0
    assert "1 columns" not in run("predict", faithful, "--parameters", params).error


def test_a_model_of_ones_own_and_its_known_constant(run: Run, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    data, shift, params = tmp_path / "x.npy", tmp_path / "shift.csv", tmp_path / "params.json"
    np.save(data, np.concatenate([rng.exponential(1, 50), rng.exponential(30, 50)]) + 2)
    shift.write_text("2\n")
    fitted = run("fit", data, "--model", "mine.py", "-k", 2, "--known", f"shift={shift}", "-o", params)
    assert fitted.code == 0, fitted.err
    assert json.loads(params.read_text())["model"] == "mine.py"
    assert run("predict", data, "--parameters", params, "--known", f"shift={shift}").code == 0
    assert "--known shift=NUMBER" in run("predict", data, "--parameters", params).error
    assert "--known shift=NUMBER" in run("fit", data, "--model", "mine.py", "-k", 2).error
    for wrong in ("shift", "=x", f"other={shift}"):
        assert run("fit", data, "--model", "mine.py", "-k", 2, "--known", wrong).code == 2
