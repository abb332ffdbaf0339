"""Right M-steps pass, planted faults are refused with the right parameter, and what is shown is small and true."""

import json

import numpy as np
import pytest

from derive import load
from derive.checking.submitted.problem import Setting
from derive.checking.submitted.process import InProcess
from derive.checking.submitted.report import plain
from derive.checking.submitted.trial import Trial, Verdict, try_m_step
from tests.checking.submitted import m_steps

RIGHT = ("right", "loops")
# Fault -> verdict, parameter that is off.
WRONG = {
    "unbiased": (Verdict.lowers, "covariances"),
    "wrong_normaliser": (Verdict.lowers, "means"),
    "about_old_mean": (Verdict.raises, "covariances"),
    "equal_weights": (Verdict.lowers, "weights"),
    "swapped_means": (Verdict.lowers, "means"),
    "single_precision": (Verdict.close, "covariances"),
    "off_by_a_millionth": (Verdict.close, "covariances"),
    "regularised": (Verdict.lowers, "covariances"),
    "without_correlation": (Verdict.lowers, "covariances"),
    "half_a_step": (Verdict.raises, "weights"),
}
INVALID = {
    "weights_not_divided": "weights should sum to one, but sums to",
    "transposed": "means has shape",
    "triangular": "covariances is not symmetric",
    "negative": "covariances is not positive definite",
    "not_a_number": "means holds nan",
    "in_place": "changes its input responsibilities",
    "nothing": "returns None; 3 parameters are needed: weights, means, covariances",
    "two_values": "returns 2 values; 3 parameters",
    "texts": "returns weights as a str",
    "complex_numbers": "real numbers are needed",
    "lacks_a_field": "returns a mapping without covariances",
    "base_exception": "raises BaseException: gone (m_steps.py, line ",
    "error_without_text": "raises OddError (m_steps.py",
    "leaves": "raises SystemExit: 0",
    "large": "weights has shape (100000, 100000)",
}


@pytest.fixture(scope="module")
def setting() -> Setting:
    model = load("gaussian-full")
    return Setting(model.derivation(), model.module())


def tried(setting: Setting, name: str) -> Trial:
    return try_m_step(setting, InProcess(getattr(m_steps, name)))


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_m_step_passes(setting: Setting, name: str) -> None:
    trial = tried(setting, name)
    assert trial.passed, trial.checks
    assert trial.verdict is Verdict.maximises
    assert trial.example is None


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_m_step_is_refused_and_its_parameter_named(setting: Setting, name: str) -> None:
    verdict, parameter = WRONG[name]
    trial = tried(setting, name)
    assert not trial.passed
    assert trial.verdict is verdict, trial.checks
    assert trial.example is not None
    assert [one.parameter for one in trial.example.off] == [parameter]
    assert trial.example.q_found <= trial.example.q_right
    json.dumps(plain(trial), allow_nan=False)


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_result_is_refused_with_what_is_wrong(setting: Setting, name: str) -> None:
    trial = tried(setting, name)
    assert not trial.passed
    assert trial.verdict is Verdict.invalid
    assert INVALID[name] in trial.checks[0].detail
    assert trial.example is not None
    assert trial.example.kind.name == "INVALID"
    assert len(trial.example.problem.X) <= 3
    json.dumps(plain(trial), allow_nan=False)


def test_noise_is_not_repeatable(setting: Setting) -> None:
    trial = tried(setting, "random_noise")
    assert not trial.passed
    assert "not repeatable" in trial.checks[0].detail


def test_the_counter_example_is_the_smallest_one_there_is(setting: Setting) -> None:
    """Two samples of one coordinate, one component: N - 1 in the place of N doubles the variance of 0 and 1."""
    example = tried(setting, "unbiased").example
    assert example is not None
    assert example.problem.X.shape == (2, 1)
    assert sorted(example.problem.X.ravel()) == [0.0, 1.0]
    assert example.problem.responsibilities.tolist() == [[1.0], [1.0]]
    assert example.problem.previous is None
    assert example.found is not None
    assert (example.found["covariances"].item(), example.right["covariances"].item()) == (0.5, 0.25)
    assert example.off[0].factor == pytest.approx(2.0)
    # Q of N(1/2, s) at 0 and 1 is -log(2 pi s) - 1/(4 s), by hand
    assert example.q_found == pytest.approx(-np.log(np.pi) - 0.5, rel=1e-14)
    assert example.q_right == pytest.approx(-np.log(np.pi / 2) - 1.0, rel=1e-14)


def test_a_fault_that_needs_two_coordinates_keeps_them(setting: Setting) -> None:
    example = tried(setting, "without_correlation").example
    assert example is not None
    assert example.problem.X.shape[1] == 2
    assert len(example.problem.X) <= 4


def test_the_order_of_components_is_found(setting: Setting) -> None:
    trial = tried(setting, "swapped_components")
    assert trial.example is not None
    assert trial.example.order == (1, 0)


def test_a_forgotten_sample_is_found(setting: Setting) -> None:
    trial = tried(setting, "forgets_the_first_sample")
    assert trial.verdict is Verdict.lowers
    assert not trial.checks[-1].passed
    assert "objective" in trial.checks[-1].detail
