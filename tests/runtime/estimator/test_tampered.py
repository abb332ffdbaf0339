"""Files that somebody changed: read without running anything, refused with what is wrong, or the estimator they say."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derive.runtime import GaussianMixture, MixtureEstimator, load_estimator
from derive.runtime.estimator.given import EstimatorError
from tests.runtime.estimator.test_mixture import clusters
from tests.runtime.tampering import change

MADE: list[Callable[[], Any]] = [
    lambda: GaussianMixture(2, random_state=0),
    lambda: MixtureEstimator("gaussian-full", 2, random_state=0, n_init=1),
]
Place = tuple[str, ...]
CHANGES: list[tuple[Place, Any, str]] = [
    (("estimator", "options"), "abc", "'options' of the estimator should be an object"),
    (("estimator", "options"), [["n_components", 2]], "'options' of the estimator should be an object"),
    (("estimator", "options"), None, "'options' of the estimator should be an object"),
    (("estimator", "fitted"), None, "'fitted' of the estimator should be an object"),
    (("estimator", "fitted"), {}, "lacks 'n_features_in_'"),
    (("estimator", "types"), [], "'types' of the estimator should be an object"),
    (("estimator", "feature_names"), "ab", "should be a list of strings"),
    (("estimator", "feature_names"), [1, 2], "should be a list of strings"),
    (("estimator", "feature_names"), ["a"], "1 feature names for 2 columns"),
    (("estimator", "fitted", "n_features_in_"), 5, "n_features_in_ is 5, but the parameters are of 2 columns"),
    (("estimator", "fitted", "n_features_in_"), "x", "'n_features_in_' of the estimator cannot be \"x\""),
    (("estimator", "fitted", "n_features_in_"), True, "'n_features_in_' of the estimator cannot be true"),
    (("estimator", "fitted", "converged_"), "yes", "'converged_' of the estimator cannot be"),
    (("estimator", "fitted", "lower_bounds_"), ["x"], "'lower_bounds_' of the estimator cannot be"),
    (("estimator", "options", "n_components"), 3, "n_components is 3, but there are parameters of 2 components"),
    (("estimator", "options", "n_components"), "x", "'n_components' parameter"),
    (("estimator", "options", "random_state"), "x", "'random_state' parameter"),
    (("parameters", "weights"), [0.5, 0.6], "the weights sum to 1.1"),
]


def _changed(estimator: Any, place: Place, value: Any, folder: Path) -> Path:
    path = folder / "fit.json"
    estimator.fit(clusters()).save(path)
    change(path, place, value)
    return path


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize(("place", "value", "message"), CHANGES)
def test_what_does_not_fit_is_named(made: Any, place: Place, value: Any, message: str, tmp_path: Path) -> None:
    path = _changed(made(), place, value, tmp_path)
    with pytest.raises(EstimatorError, match=message) as refused:
        load_estimator(path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("made", MADE)
def test_a_file_of_python_is_not_run(made: Any, tmp_path: Path) -> None:
    code = tmp_path / "code.py"
    code.write_text(f"open({str(tmp_path / 'trace')!r}, 'w')\n")
    path = _changed(made(), ("model",), str(code), tmp_path)
    with pytest.raises(EstimatorError):
        load_estimator(path)
    assert not (tmp_path / "trace").exists()


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize(
    ("covariances", "message"),
    [
        ([[[-1, 0], [0, 1]]] * 2, "not positive definite|Matrix is not positive"),
        ([[[1, 0.9], [0, 1]]] * 2, "symmetric"),
    ],
)
def test_covariances_that_are_none_are_refused(made: Any, covariances: Any, message: str, tmp_path: Path) -> None:
    path = _changed(made(), ("parameters", "covariances"), covariances, tmp_path)
    with pytest.raises(EstimatorError, match=message):
        load_estimator(path).predict(clusters())


@pytest.mark.parametrize("made", MADE)
def test_what_cannot_be_saved_leaves_the_file_as_it_was(made: Any, tmp_path: Path) -> None:
    path = tmp_path / "fit.json"
    fitted = made().fit(clusters())
    fitted.save(path)
    before = path.read_bytes()
    for place in (tmp_path, tmp_path / "nowhere" / "fit.json"):
        with pytest.raises(EstimatorError, match="cannot write"):
            fitted.save(place)
    with pytest.raises(EstimatorError, match="random_state"):
        copy.copy(fitted).set_params(random_state=np.random.RandomState(0)).save(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["fit.json"]
