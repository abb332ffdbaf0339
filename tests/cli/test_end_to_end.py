"""The real catalogue, from the shell: five models fitted to Old Faithful, held against scikit-learn."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

from derive.datasets import load_faithful, path

_ROOT = Path(__file__).parents[2]
_STRUCTURES = {
    "gaussian-full": "full",
    "gaussian-tied": "tied",
    "gaussian-diagonal": "diag",
    "gaussian-spherical": "spherical",
    "gaussian-1d": "full",
}
_OWN_MODEL = """
from derive import PI, Data, Dimension, Index, Mixture, Parameter, PositiveDefinite, Simplex, inverse, log, logdet, quad

n, k, D = Index("n", "N"), Index("k", "K"), Dimension("D")
x = Data("x", n, shape=D)
mu = Parameter("mu", k, shape=D, code="means")
Sigma = Parameter("Sigma", k, domain=PositiveDefinite(D), code="covariances")
pi = Parameter("pi", k, domain=Simplex, code="weights")
model = Mixture(
    "my-own",
    weights=pi,
    log_density=-D * log(2 * PI) / 2 - logdet(Sigma[k]) / 2 - quad(inverse(Sigma[k]), x[n] - mu[k]) / 2,
)
"""


def _derive(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    command = [sys.executable, "-m", "derive", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder, check=False)


def _fit(folder: Path, *arguments: object) -> Any:
    result = _derive(folder, "fit", *arguments, "--format", "json")
    assert (result.returncode, result.stderr) == (0, "")
    return json.loads(result.stdout)


@pytest.mark.parametrize("model", _STRUCTURES)
def test_fit_and_predict_agree_with_scikit_learn(tmp_path: Path, model: str) -> None:
    columns = "waiting" if model == "gaussian-1d" else "eruptions,waiting"
    X = load_faithful()[:, 1:] if model == "gaussian-1d" else load_faithful()
    options = ("--model", model, "-k", 2, "--columns", columns, "--tol", 1e-10, "-o", "params.json")
    fitted = _fit(tmp_path, path("faithful"), *options)
    other = GaussianMixture(
        2, covariance_type=_STRUCTURES[model], reg_covar=0, tol=1e-10, max_iter=1000, n_init=5, random_state=0
    ).fit(X)
    assert fitted["model"] == model
    assert fitted["converged"] is True
    assert fitted["log_likelihood"] == pytest.approx(other.score(X) * len(X), abs=1e-4)
    assert fitted["bic"] == pytest.approx(other.bic(X), abs=1e-3)
    np.testing.assert_allclose(sorted(fitted["parameters"]["weights"]), sorted(other.weights_), atol=1e-4)
    arguments = ("--parameters", "params.json", "--columns", columns, "-o", "labels.csv")
    assert _derive(tmp_path, "predict", path("faithful"), *arguments).returncode == 0
    table = np.loadtxt(tmp_path / "labels.csv", delimiter=",", skiprows=1)
    labels, theirs = table[:, 0], other.predict(X)
    assert (labels == theirs).mean() in {0.0, 1.0}  # the same two clusters, in either order


@pytest.mark.parametrize("model", [name for name in _STRUCTURES if name != "gaussian-1d"])
def test_a_constant_column_is_refused_where_it_must_be(tmp_path: Path, model: str) -> None:
    np.save(tmp_path / "data.npy", np.c_[load_faithful(), np.full(272, 3.5)])
    result = _derive(tmp_path, "fit", "data.npy", "--model", model, "-k", 2)
    if model == "gaussian-spherical":
        assert result.returncode == 0
    else:
        assert result.returncode == 2
        assert "column '3' is constant" in result.stderr
        assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("model", ["gaussian-full", "gaussian-diagonal", "gaussian-spherical", "gaussian-1d"])
def test_a_component_that_collapses_is_named(tmp_path: Path, model: str) -> None:
    (tmp_path / "data.csv").write_text("x\n" + "1.1\n" * 7 + "2.3\n" * 5)
    for k, words in ((2, "collapsed on one point"), (3, "component 2 has no points of its own")):
        result = _derive(tmp_path, "fit", "data.csv", "--model", model, "-k", k)
        assert result.returncode == 2
        assert result.stderr.startswith("derive: error: ")
        assert words in result.stderr
        assert result.stderr.count("\n") == 1


def test_a_model_of_ones_own_is_fitted_and_predicts(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(_OWN_MODEL)
    options = ("-k", 2, "-o", "params.json")
    fitted = _fit(tmp_path, path("faithful"), "--model", "own.py", *options)
    assert fitted["model"] == "own.py"
    assert fitted["log_likelihood"] == pytest.approx(-1130.26396, abs=1e-3)
    result = _derive(tmp_path, "predict", path("faithful"), "--parameters", "params.json")
    assert (result.returncode, result.stderr) == (0, "")


def test_more_components_than_rows_and_too_many_columns(tmp_path: Path) -> None:
    for model, k, words in (
        ("gaussian-full", 273, "K = 273 components for N = 272 rows"),
        ("gaussian-1d", 2, "model of scalar data"),
        ("gausian-full", 2, "gaussian-full"),
    ):
        result = _derive(tmp_path, "fit", path("faithful"), "--model", model, "-k", k)
        assert result.returncode == 2
        assert words in result.stderr
        assert result.stderr.count("\n") == 1
