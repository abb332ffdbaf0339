"""Tags say which data a model takes, and the checks of scikit-learn that apply are passed by every model."""

import pytest
from sklearn.utils import estimator_checks
from sklearn.utils.estimator_checks import check_estimator

from derive.runtime import MixtureEstimator
from derive.runtime.load import generated_names
from tests.runtime.estimator.test_mixture import TOO_FEW_ROWS

WITHOUT_DATA = (
    "check_no_attributes_set_in_init",
    "check_get_params_invariance",
    "check_set_params",
    "check_estimator_cloneable",
    "check_estimator_repr",
)


@pytest.mark.parametrize(
    ("name", "scalar", "positive", "skipped"),
    [
        ("gaussian-full", False, False, False),
        ("student-t", False, False, False),
        ("gaussian-1d", True, False, False),
        ("gamma", True, True, False),
        ("pareto", True, True, False),
        ("bernoulli", False, False, True),
        ("poisson", True, False, True),
        ("dirichlet", False, False, True),
        ("von-mises-fisher", False, False, True),
    ],
)
def test_what_a_model_takes(name: str, scalar: bool, positive: bool, skipped: bool) -> None:
    tags = MixtureEstimator(name).__sklearn_tags__()
    assert tags.input_tags.one_d_array == scalar
    assert tags.input_tags.two_d_array == (not scalar)
    assert tags.input_tags.positive_only == positive
    assert tags._skip_test == skipped


@pytest.mark.parametrize("name", generated_names())
@pytest.mark.parametrize("check", WITHOUT_DATA)
def test_checks_without_data(name: str, check: str) -> None:
    getattr(estimator_checks, check)("MixtureEstimator", MixtureEstimator(name))


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_checks_of_another_model_of_vectors() -> None:
    estimator = MixtureEstimator("student-t", max_iter=5, n_init=1)
    found = check_estimator(estimator, expected_failed_checks=TOO_FEW_ROWS, on_skip=None)
    assert {one["check_name"] for one in found if one["status"] == "xfail"} == set(TOO_FEW_ROWS)
