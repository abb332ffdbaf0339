"""Comparisons of a module with the baseline: each takes a module and a problem, and raises AssertionError.

They are functions of the module, so that `test_tests_can_fail` can show each one refusing a planted fault.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.baseline_em import BASELINE
from tests.generated.problems import Problem

Array = NDArray[Any]

DOUBLE = 1e-10
# About 1,000 roundings: quadratic forms of a few hundred enter the responsibilities by their absolute error.
SINGLE = 1e-4


def relative_difference(found: Any, expected: Any) -> float:
    """Relative difference max |found - expected| / max |expected|.

    Arrays of rank two or more are judged for each first index by itself, and the worst counts.
    """
    found, expected = np.asarray(found, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    assert found.shape == expected.shape, f"shape {found.shape}, expected {expected.shape}"
    assert np.isfinite(found).all(), "not finite"
    if expected.ndim < 2:
        found, expected = found[np.newaxis], expected[np.newaxis]
    axes = tuple(range(1, expected.ndim))
    scale = np.maximum(np.abs(expected).max(axis=axes), np.finfo(np.float64).tiny)
    return float((np.abs(found - expected).max(axis=axes) / scale).max())


def assert_close(what: str, found: Any, expected: Any, tolerance: float) -> None:
    """Raise AssertionError where the relative difference exceeds the tolerance."""
    difference = relative_difference(found, expected)
    assert difference <= tolerance, f"{what}: relative difference {difference:.2e} exceeds {tolerance:.0e}"


def assert_parameters_close(name: str, found: Any, expected: Any, tolerance: float) -> None:
    """Compare parameters field by field, by name."""
    assert found._fields == BASELINE[name].Parameters._fields
    for field in found._fields:
        assert_close(field, getattr(found, field), getattr(expected, field), tolerance)


def assert_log_likelihood_close(found: Any, expected: float, tolerance: float) -> None:
    """Compare log-likelihoods; one that happens to cancel to less than one nat is judged absolutely."""
    assert isinstance(found, float), f"log-likelihood is a {type(found).__name__}, not a float"
    assert abs(found - expected) <= tolerance * max(abs(expected), 1.0), (
        f"log-likelihood {found!r}, expected {expected!r}"
    )


def check_log_joint(module: Any, problem: Problem, tolerance: float = DOUBLE) -> None:
    """The log joint log pi_k + log p(x_n | k)."""
    baseline, X = BASELINE[problem.name], problem.X
    found = module.log_joint(X, module.Parameters(*problem.parameters))
    expected = baseline.log_joint(X.astype(np.float64), baseline.Parameters(*problem.parameters))
    assert found.dtype == X.dtype
    # A row of log densities can lie near zero as a whole: one nat is the unit that matters.
    scale = np.maximum(np.abs(expected), 1.0)
    assert found.shape == expected.shape
    assert (np.abs(found - expected) <= tolerance * scale).all(), "log_joint differs"


def check_e_step(module: Any, problem: Problem, tolerance: float = DOUBLE) -> None:
    """Responsibilities at the given parameters."""
    baseline, X = BASELINE[problem.name], problem.X
    found = module.e_step(X, module.Parameters(*problem.parameters))
    expected = baseline.e_step(X.astype(np.float64), baseline.Parameters(*problem.parameters))
    assert found.dtype == X.dtype
    assert_close("responsibilities", found, expected, tolerance)


def check_m_step(module: Any, problem: Problem, tolerance: float = DOUBLE) -> None:
    """Parameters from the given responsibilities."""
    X, responsibilities = problem.X, problem.responsibilities
    found = module.m_step(X, responsibilities)
    expected = BASELINE[problem.name].m_step(X.astype(np.float64), responsibilities)
    for value in found:
        assert value.dtype == X.dtype
    assert_parameters_close(problem.name, found, expected, tolerance)


def check_log_likelihood(module: Any, problem: Problem, tolerance: float = DOUBLE) -> None:
    """The log-likelihood of the given parameters."""
    baseline, X = BASELINE[problem.name], problem.X
    found = module.log_likelihood(X, module.Parameters(*problem.parameters))
    expected = baseline.log_likelihood(X.astype(np.float64), baseline.Parameters(*problem.parameters))
    assert_log_likelihood_close(found, expected, tolerance)


def check_em_step(module: Any, problem: Problem, tolerance: float = DOUBLE) -> None:
    """One whole iteration, and the log-likelihood before it."""
    baseline, X = BASELINE[problem.name], problem.X
    found, found_value = module.em_step(X, module.Parameters(*problem.parameters))
    expected, value = baseline.em_step(X.astype(np.float64), baseline.Parameters(*problem.parameters))
    for part in found:
        assert part.dtype == X.dtype
    assert_parameters_close(problem.name, found, expected, tolerance)
    assert_log_likelihood_close(found_value, value, tolerance)


def check_n_parameters(module: Any, problem: Problem, tolerance: float = DOUBLE) -> None:
    """The count of free parameters."""
    del tolerance
    for K, D in ((1, 1), (2, 3), (5, 4), (4, 7)):
        size = 1 if problem.name == "gaussian-1d" else D
        assert module.n_parameters(K, size) == BASELINE[problem.name].n_parameters(K, size)


CHECKS: tuple[Callable[..., None], ...] = (
    check_log_joint,
    check_e_step,
    check_m_step,
    check_log_likelihood,
    check_em_step,
    check_n_parameters,
)


def whole_run(module: Any, X: Array, responsibilities: Array, iterations: int) -> tuple[Any, list[float]]:
    """EM from responsibilities: the parameters at the end, and the log-likelihood before each iteration."""
    parameters, history = module.m_step(X, responsibilities), []
    for _ in range(iterations):
        parameters, value = module.em_step(X, parameters)
        history.append(value)
    return parameters, history
