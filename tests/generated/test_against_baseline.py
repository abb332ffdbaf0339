"""Generated code computes what the baseline computes: single steps on random problems, runs on real data."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.datasets import load_iris, load_wine

from derive.datasets import load_faithful
from tests.baseline_em import BASELINE
from tests.generated.comparison import (
    CHECKS,
    DOUBLE,
    SINGLE,
    assert_log_likelihood_close,
    assert_parameters_close,
    whole_run,
)
from tests.generated.loading import module
from tests.generated.problems import NAMES, problems

ITERATIONS = 20
DATA: dict[str, tuple[Callable[[], NDArray[Any]], int]] = {
    "faithful": (load_faithful, 2),
    "iris": (lambda: load_iris().data, 3),
    "wine": (lambda: load_wine().data, 3),
}


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_one_step_in_double_precision(name: str, check: Callable[..., None], data: st.DataObject) -> None:
    check(module(name), data.draw(problems(name)), DOUBLE)


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_one_step_in_single_precision(name: str, check: Callable[..., None], data: st.DataObject) -> None:
    check(module(name), data.draw(problems(name)).astype(np.float32), SINGLE)


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("name", NAMES)
def test_whole_run(name: str, data: str) -> None:
    load, K = DATA[data]
    X = np.asarray(load(), dtype=np.float64)
    if name == "gaussian-1d":
        X = X[:, -1]
    # A soft start by thirds of the last column: far from converged, no two components alike.
    order = np.argsort(np.argsort(X.reshape(len(X), -1)[:, -1], kind="stable"))
    hard = np.eye(K)[order * K // len(X)]
    responsibilities = 0.7 * hard + 0.3 * np.random.default_rng(len(X)).dirichlet(np.arange(1.0, K + 1), size=len(X))

    found, history = whole_run(module(name), X, responsibilities, ITERATIONS)
    expected, expected_history = whole_run(BASELINE[name], X, responsibilities, ITERATIONS)

    assert_parameters_close(name, found, expected, DOUBLE)
    for value, expected_value in zip(history, expected_history, strict=True):
        assert_log_likelihood_close(value, expected_value, DOUBLE)
    assert history[-1] - history[0] > 1  # the run went somewhere
