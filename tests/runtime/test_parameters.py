"""Parameters go to JSON and back without loss; whatever else comes back is refused. Predictions follow from them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derive.datasets import load_faithful
from derive.errors import InputError
from derive.runtime.em import fit
from derive.runtime.parameters_json import fit_to_json, read_fit, to_parameters
from derive.runtime.predict import predict
from tests.runtime.fakes import EXPONENTIAL, FULL, SHIFTED, SPHERICAL

_GOOD = {
    "weights": [0.25, 0.75],
    "means": [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]],
    "covariances": [np.eye(3).tolist(), (2 * np.eye(3)).tolist()],
}


def _stored(tmp_path: Path, content: Any) -> Any:
    path = tmp_path / "params.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return read_fit(path)


def test_there_and_back_without_loss(tmp_path: Path) -> None:
    result = fit(FULL, load_faithful(), 3, n_init=1)
    text = fit_to_json("full", result)
    content = json.loads(text)
    assert list(content) == [
        "model",
        "parameters",
        "log_likelihood",
        "objective",
        "bic",
        "n_parameters",
        "iterations",
        "converged",
    ]
    assert content["converged"] is True
    back = to_parameters(FULL, _stored(tmp_path, text))
    for a, b in zip(back, result.parameters, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "not JSON (line 1"),
        ("{", "not JSON"),
        ("[1, 2]", "no JSON object"),
        ("[" * 100_000, "not JSON that can be read"),
        ("{}", "lacks 'model'"),
        ('{"model": "full"}', "lacks 'parameters'"),
        ('{"model": 3, "parameters": {}}', "'model' should be a string"),
        ('{"model": "full", "parameters": [1]}', "'parameters' should be an object"),
    ],
)
def test_files_that_fit_did_not_write(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        _stored(tmp_path, content)
    assert message in str(caught.value)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_fit(tmp_path / "none.json")
    with pytest.raises(InputError, match="is a folder"):
        read_fit(tmp_path)
    (tmp_path / "b.json").write_bytes(b"\xff\x00")
    with pytest.raises(InputError, match="no UTF-8"):
        read_fit(tmp_path / "b.json")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"means": None}, "'means' holds something other than numbers"),
        ({"means": [["a", 1, 2], [3, 4, 5]]}, "other than numbers"),
        ({"means": [[True, 1, 2], [3, 4, 5]]}, "other than numbers"),
        ({"means": [[1, 2], [3, 4, 5]]}, "ragged"),
        ({"means": [1, 2]}, "should have shape (K, D), but has (2,)"),
        ({"means": [[0, 1, 2]]}, "with K = 2, but has (1, 3)"),
        ({"covariances": [np.eye(2).tolist()] * 2}, "with D = 3"),
        ({"means": [[0, 1, 10**400], [3, 4, 5]]}, "too large"),
        ({"means": [[0, 1, float("nan")], [3, 4, 5]]}, "NaN or infinity"),
        ({"weights": [-0.5, 1.5]}, "weight 0 is negative (-0.5)"),
        ({"weights": [0.5, 0.6]}, "the weights sum to 1.1, not to 1"),
        ({"weights": []}, "'means' should have shape"),
        ({"weights": [], "means": [], "covariances": []}, "should have shape"),
        ({"extra": [1]}, "an unknown 'extra'"),
    ],
)
def test_fields_that_do_not_fit(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    stored = _stored(tmp_path, {"model": "full", "parameters": {**_GOOD, **change}})
    with pytest.raises(InputError) as caught:
        to_parameters(FULL, stored)
    assert message in str(caught.value)


def test_a_missing_field_is_named(tmp_path: Path) -> None:
    fields = {name: value for name, value in _GOOD.items() if name != "covariances"}
    with pytest.raises(InputError, match="lack 'covariances'; full has weights, means, covariances"):
        to_parameters(FULL, _stored(tmp_path, {"model": "full", "parameters": fields}))


def test_predictions_are_those_of_the_e_step() -> None:
    X = load_faithful()
    parameters = fit(FULL, X, 3, n_init=1).parameters
    prediction = predict(FULL, X, parameters)
    np.testing.assert_array_equal(prediction.responsibilities, FULL.e_step(X, parameters))
    np.testing.assert_array_equal(prediction.labels, prediction.responsibilities.argmax(axis=1))


def _parameters(**change: Any) -> Any:
    return FULL.Parameters(**{name: np.array(value) for name, value in {**_GOOD, **change}.items()})


@pytest.mark.parametrize(
    ("X", "parameters", "message"),
    [
        (np.zeros((4, 2)), _parameters(), "2 columns, but the parameters were fitted to D = 3"),
        (np.zeros((4, 3)), _parameters(covariances=[np.eye(3), -np.eye(3)]), "covariance is not positive definite"),
        (
            np.zeros((4, 3)),
            _parameters(covariances=[np.eye(3), np.ones((3, 3))]),
            "covariance is not positive definite",
        ),
        (np.full((4, 3), 1e300), _parameters(), "no row of X a finite density"),
        (np.diag([0, 0, 1e300]), _parameters(), "row 3: no component gives it a finite density"),
        (np.full((4, 3), np.inf), _parameters(), "not finite"),
        (np.zeros((2, 2, 3)), _parameters(), "3 dimensions"),
    ],
)
def test_what_cannot_be_predicted(X: Any, parameters: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        predict(FULL, X, parameters)
    assert message in str(caught.value)


def test_values_outside_a_domain_do_not_pass_in_silence() -> None:
    negative = SPHERICAL.Parameters(np.array([0.5, 0.5]), np.zeros((2, 2)), np.array([1.0, -1.0]))
    with pytest.raises(InputError, match="positive definite"):
        predict(SPHERICAL, np.ones((3, 2)), negative)
    rates = EXPONENTIAL.Parameters(np.array([0.5, 0.5]), np.array([1.0, -1.0]))
    with pytest.raises(InputError, match="outside its domain"):
        predict(EXPONENTIAL, np.ones(3), rates)


def test_known_constants_are_needed_to_predict() -> None:
    parameters = SHIFTED.Parameters(np.array([0.5, 0.5]), np.array([1.0, 2.0]))
    with pytest.raises(InputError, match="known constant 'shift'"):
        predict(SHIFTED, np.ones(3), parameters)
    shift = np.array(0.5)
    np.testing.assert_array_equal(
        predict(SHIFTED, np.ones(3), parameters, knowns={"shift": shift}).responsibilities,
        EXPONENTIAL.e_step(np.full(3, 0.5), parameters),
    )
