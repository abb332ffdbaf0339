"""Estimators as JSON and back, and their pictures."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import derive
from derive.cli import main
from derive.runtime import GaussianMixture, MixtureEstimator, load_estimator, plot_mixture
from tests.runtime.estimator.test_mixture import clusters, waits

pd: Any = pytest.importorskip("pandas")
STRUCTURES = ("full", "tied", "diag", "spherical")


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("structure", STRUCTURES)
def test_a_gaussian_mixture_comes_back(structure: str, kind: Any, tmp_path: Path) -> None:
    X = pd.DataFrame(clusters().astype(kind), columns=["height", "weight"])
    fitted = GaussianMixture(2, covariance_type=structure, random_state=0, means_init=[[0, 0], [5, 5]]).fit(X)
    fitted.save(tmp_path / "fit.json")
    again = load_estimator(tmp_path / "fit.json")
    assert type(again) is GaussianMixture
    assert again.get_params() == fitted.get_params()
    for name, value in vars(fitted).items():
        if name.endswith("_"):
            np.testing.assert_array_equal(getattr(again, name), value, err_msg=name)
    assert again.means_.dtype == kind
    np.testing.assert_array_equal(again.predict(X), fitted.predict(X))
    np.testing.assert_array_equal(again.score_samples(X), fitted.score_samples(X))


def test_a_mixture_comes_back_and_goes_on(tmp_path: Path) -> None:
    fitted = MixtureEstimator("gamma", 2, random_state=0, warm_start=True).fit(waits())
    fitted.save(tmp_path / "fit.json")
    again = load_estimator(tmp_path / "fit.json")
    np.testing.assert_array_equal(again.predict_proba(waits()), fitted.predict_proba(waits()))
    again.fit(waits())
    assert again.n_iter_ <= 2


def test_derive_predict_reads_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    X = clusters()
    fitted = MixtureEstimator("gaussian-full", 2, random_state=0).fit(X)
    fitted.save(tmp_path / "fit.json")
    np.save(tmp_path / "X.npy", X)
    out = tmp_path / "labels.csv"
    assert main(["predict", str(tmp_path / "X.npy"), "--parameters", str(tmp_path / "fit.json"), "-o", str(out)]) == 0
    labels = pd.read_csv(out).iloc[:, 0]
    np.testing.assert_array_equal(labels, fitted.predict(X))


def test_a_model_outside_of_the_catalogue_is_named_again(tmp_path: Path) -> None:
    model = derive.load("exponential").prior("pi ~ dirichlet(2)")
    fitted = model.estimator(2, random_state=0).fit(waits())
    fitted.save(tmp_path / "fit.json")
    with pytest.raises(ValueError, match="model="):
        load_estimator(tmp_path / "fit.json")
    again = load_estimator(tmp_path / "fit.json", model=fitted.model)
    np.testing.assert_array_equal(again.predict(waits()), fitted.predict(waits()))
    with pytest.raises(ValueError, match="parameters"):
        load_estimator(tmp_path / "fit.json", model="gamma")


def test_a_start_alone_comes_back(tmp_path: Path) -> None:
    GaussianMixture(2, max_iter=0, random_state=0).fit(clusters()).save(tmp_path / "fit.json")
    assert load_estimator(tmp_path / "fit.json").__dict__["lower_bound_"] == -np.inf


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.pop("estimator"), "no estimator"),
        (lambda c: c["estimator"].update({"class": "system"}), "an estimator is one of"),
        (lambda c: c["estimator"]["options"].update({"callback": "x"}), "no parameter 'callback'"),
        (lambda c: c["parameters"].pop("means"), "lack 'means'"),
        (lambda c: c["parameters"].update({"weights": [2.0, -1.0]}), "negative"),
        (lambda c: c["parameters"].update({"means": "import os"}), "other than numbers"),
        (lambda c: c.update({"model": "gamma"}), "gamma|parameters"),
        (lambda c: c["estimator"]["options"].update({"model": "../evil.py"}), "catalogue|evil"),
    ],
)
def test_other_files_are_refused(change: Any, message: str, tmp_path: Path) -> None:
    MixtureEstimator("gaussian-full", 2, random_state=0).fit(clusters()).save(tmp_path / "fit.json")
    content = json.loads((tmp_path / "fit.json").read_text())
    change(content)
    (tmp_path / "fit.json").write_text(json.dumps(content))
    with pytest.raises(ValueError, match=message):
        load_estimator(tmp_path / "fit.json")


def test_what_json_cannot_hold_is_refused(tmp_path: Path) -> None:
    fitted = GaussianMixture(2, random_state=np.random.RandomState(0)).fit(clusters())
    with pytest.raises(ValueError, match="random_state=0"):
        fitted.save(tmp_path / "fit.json")


@pytest.mark.parametrize("estimator", [GaussianMixture(2), MixtureEstimator("gaussian-tied", 2)])
def test_ellipses_are_drawn(estimator: Any) -> None:
    X = pd.DataFrame(clusters(), columns=["height", "weight"])
    clusters_axes, progress = plot_mixture(estimator.set_params(random_state=0).fit(X), X).axes
    assert clusters_axes.get_xlabel() == "height"
    assert len(clusters_axes.patches) == 2
    heights = np.asarray(progress.lines[0].get_ydata(), dtype=float)
    np.testing.assert_allclose(heights, 220 * np.array(estimator.lower_bounds_))


def test_densities_are_drawn() -> None:
    fitted = MixtureEstimator("gamma", 2, random_state=0).fit(waits())
    assert len(plot_mixture(fitted, waits()).axes[0].lines) >= 3
