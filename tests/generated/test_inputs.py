"""What a caller may hand in: outliers, views, read-only memory, other dtypes; and nothing handed in is changed."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.baseline_em import BASELINE
from tests.generated.comparison import DOUBLE, assert_parameters_close
from tests.generated.loading import module
from tests.generated.problems import NAMES, Problem, random_problem, size_of

Array = NDArray[Any]


def _problem(name: str) -> Problem:
    return random_problem(name, *size_of(name), seed=11)


def _everything(code: Any, X: Array, parameters: Any, responsibilities: Array) -> list[Any]:
    return [
        code.log_joint(X, parameters),
        code.e_step(X, parameters),
        code.log_likelihood(X, parameters),
        *code.m_step(X, responsibilities),
        *code.em_step(X, parameters)[0],
        code.em_step(X, parameters)[1],
    ]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", NAMES)
def test_far_outliers(name: str, dtype: type[np.floating[Any]]) -> None:
    """Ten thousand standard deviations away every density underflows; the responsibilities do not."""
    problem = _problem(name)
    X = problem.X.copy()
    X[0], X[1] = X.mean() + 1e4 * X.std(), X.mean() - 1e4 * X.std()
    problem = Problem(name, X, problem.parameters, problem.responsibilities).astype(dtype)
    code = module(name)
    parameters = code.Parameters(*problem.parameters)
    responsibilities = code.e_step(problem.X, parameters)
    assert np.isfinite(responsibilities).all()
    assert (responsibilities >= 0).all()
    np.testing.assert_allclose(responsibilities.sum(axis=1), 1.0, rtol=1e-12 if dtype is np.float64 else 1e-5)
    assert np.isfinite(code.log_joint(problem.X, parameters)).all()
    assert np.isfinite(code.log_likelihood(problem.X, parameters))


@pytest.mark.parametrize("name", NAMES)
def test_outliers_agree_with_the_baseline(name: str) -> None:
    problem, code, baseline = _problem(name), module(name), BASELINE[name]
    X = problem.X.copy()
    X[0] += 100 * X.std()
    found, _ = code.em_step(X, code.Parameters(*problem.parameters))
    expected, _ = baseline.em_step(X, baseline.Parameters(*problem.parameters))
    assert_parameters_close(name, found, expected, DOUBLE)


@pytest.mark.parametrize("name", NAMES)
def test_a_large_offset(name: str) -> None:
    """Data at 1e4 standard deviations from the origin: a difference of second moments would lose eight digits."""
    problem, code, baseline = _problem(name), module(name), BASELINE[name]
    shift = 1e4 * problem.X.std()
    weights, means, spread = problem.parameters
    X, parameters = problem.X + shift, (weights, means + shift, spread)
    found, _ = code.em_step(X, code.Parameters(*parameters))
    expected, _ = baseline.em_step(X, baseline.Parameters(*parameters))
    assert_parameters_close(name, found, expected, DOUBLE)


def _read_only(X: Array) -> Array:
    copy = X.copy()
    copy.flags.writeable = False
    return copy


def _strided(X: Array) -> Array:
    return np.repeat(X, 2, axis=0)[::2]


def _inner_strided(X: Array) -> Array:
    wide = np.full((*X.shape, 3), np.nan)
    wide[..., 1] = X
    return wide[..., 1]


def _reversed(X: Array) -> Array:
    return X[::-1].copy()[::-1]


LAYOUTS: dict[str, Callable[[Array], Array]] = {
    "Fortran order": np.asfortranarray,
    "every second row": _strided,
    "non-contiguous columns": _inner_strided,
    "negative strides": _reversed,
    "read-only": _read_only,
    "other byte order": lambda X: X.astype(X.dtype.newbyteorder()),
    "unaligned": lambda X: np.frombuffer(b"\0" + X.tobytes(), dtype=np.uint8)[1:].view(X.dtype).reshape(X.shape),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", NAMES)
def test_layout_of_memory_does_not_matter(name: str, layout: str) -> None:
    problem, code, view = _problem(name), module(name), LAYOUTS[layout]
    plain = _everything(code, problem.X, code.Parameters(*problem.parameters), problem.responsibilities)
    parameters = code.Parameters(*(view(value) for value in problem.parameters))
    found = _everything(code, view(problem.X), parameters, view(problem.responsibilities))
    for one, other in zip(found, plain, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.uint8, np.float32])
@pytest.mark.parametrize("name", NAMES)
def test_whole_numbers(name: str, dtype: type[np.number[Any]]) -> None:
    """Integer data are exact in every dtype; unsigned ones must not wrap around when the mean is subtracted."""
    problem, code = _problem(name), module(name)
    whole = np.random.default_rng(6).integers(0, 12, size=problem.X.shape)
    expected = code.m_step(whole.astype(np.float64), problem.responsibilities)
    found = code.m_step(
        whole.astype(dtype), problem.responsibilities.astype(dtype) if dtype is np.float32 else problem.responsibilities
    )
    assert_parameters_close(name, found, expected, 1e-4 if dtype is np.float32 else 1e-13)
    if dtype is not np.float32:
        assert all(value.dtype == np.float64 for value in found)
        again = code.e_step(whole.astype(dtype), expected)
        np.testing.assert_allclose(again, code.e_step(whole.astype(np.float64), expected), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", NAMES)
def test_responsibilities_of_zero_and_one_as_integers_and_booleans(name: str) -> None:
    problem, code = _problem(name), module(name)
    hard = np.arange(len(problem.X))[:, np.newaxis] % 4 == np.arange(4)
    expected = code.m_step(problem.X, hard.astype(np.float64))
    for dtype in (np.int64, np.bool_):
        assert_parameters_close(name, code.m_step(problem.X, hard.astype(dtype)), expected, 1e-13)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_handed_in_is_changed(name: str) -> None:
    problem, code = _problem(name), module(name)
    given = (problem.X, problem.responsibilities, *problem.parameters)
    before = [value.copy() for value in given]
    found = _everything(code, problem.X, code.Parameters(*problem.parameters), problem.responsibilities)
    for value, kept in zip(given, before, strict=True):
        assert np.array_equal(value, kept)
    for result in found:
        assert not any(np.shares_memory(result, value) for value in given if isinstance(result, np.ndarray))


@pytest.mark.parametrize("name", NAMES)
def test_results_repeat_bit_for_bit(name: str) -> None:
    problem, code = _problem(name), module(name)
    runs = [
        _everything(code, problem.X, code.Parameters(*problem.parameters), problem.responsibilities) for _ in range(2)
    ]
    for one, other in zip(*runs, strict=True):
        assert np.array_equal(one, other)
