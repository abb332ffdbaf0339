"""The interface that every generated module has: names, signatures, shapes, and what is refused."""

import inspect
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.baseline_em import BASELINE
from tests.generated.loading import module
from tests.generated.problems import NAMES, Problem, random_problem, size_of

Array = NDArray[Any]

FIELDS = dict.fromkeys(NAMES, ("weights", "means", "covariances"))
FIELDS["gaussian-1d"] = ("weights", "means", "variances")
SPREADS = {
    "gaussian-full": ("K", "D", "D"),
    "gaussian-tied": ("D", "D"),
    "gaussian-diagonal": ("K", "D"),
    "gaussian-spherical": ("K",),
    "gaussian-1d": ("K",),
}
SIGNATURES = {
    "log_joint": ["X", "parameters"],
    "e_step": ["X", "parameters"],
    "m_step": ["X", "responsibilities", "previous"],
    "log_likelihood": ["X", "parameters"],
    "objective": ["X", "parameters"],
    "em_step": ["X", "parameters"],
    "n_parameters": ["K", "D"],
}


def _problem(name: str) -> Problem:
    return random_problem(name, *size_of(name), seed=3)


def _parameters(name: str) -> Any:
    return module(name).Parameters(*_problem(name).parameters)


def _assert_same(found: Any, expected: Any) -> None:
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", NAMES)
def test_constants(name: str) -> None:
    code = module(name)
    scalar = name == "gaussian-1d"
    means = ("K",) if scalar else ("K", "D")
    assert name == code.MODEL
    assert (() if scalar else ("D",)) == code.EVENT_SHAPE
    assert dict(zip(FIELDS[name], (("K",), means, SPREADS[name]), strict=True)) == code.PARAMETER_SHAPES
    assert code.KNOWNS == {}
    assert code.Parameters._fields == FIELDS[name]


@pytest.mark.parametrize("function", SIGNATURES)
@pytest.mark.parametrize("name", NAMES)
def test_signature(name: str, function: str) -> None:
    signature = inspect.signature(getattr(module(name), function))
    assert list(signature.parameters) == SIGNATURES[function]
    defaults = {key: value.default for key, value in signature.parameters.items() if value.default is not value.empty}
    assert defaults == {"m_step": {"previous": None}, "n_parameters": {"D": 1}}.get(function, {})
    assert all(value.annotation is not value.empty for value in signature.parameters.values())
    assert signature.return_annotation is not signature.empty


@pytest.mark.parametrize("name", NAMES)
def test_shapes(name: str) -> None:
    code, problem, parameters = module(name), _problem(name), _parameters(name)
    N, D, K = size_of(name)
    sizes = {"K": K, "D": D}
    assert code.log_joint(problem.X, parameters).shape == (N, K)
    assert code.e_step(problem.X, parameters).shape == (N, K)
    for found in (code.m_step(problem.X, problem.responsibilities), code.em_step(problem.X, parameters)[0]):
        assert isinstance(found, code.Parameters)
        for field, value in zip(found._fields, found, strict=True):
            assert isinstance(value, np.ndarray)
            assert value.shape == tuple(sizes[letter] for letter in code.PARAMETER_SHAPES[field])
            assert value.dtype == np.float64
    assert isinstance(code.log_likelihood(problem.X, parameters), float)


def test_counts_of_parameters() -> None:
    for K, D in ((1, 1), (1, 5), (3, 2), (4, 7)):
        base = K - 1 + K * D
        assert module("gaussian-full").n_parameters(K, D) == base + K * D * (D + 1) // 2
        assert module("gaussian-tied").n_parameters(K, D) == base + D * (D + 1) // 2
        assert module("gaussian-diagonal").n_parameters(K, D) == base + K * D
        assert module("gaussian-spherical").n_parameters(K, D) == base + K
    assert module("gaussian-1d").n_parameters(4) == 3 + 4 + 4
    assert isinstance(module("gaussian-full").n_parameters(4, 3), int)


@pytest.mark.parametrize("rows", [7, 37])
def test_scalar_data_as_a_vector_and_as_a_column(rows: int) -> None:
    code, problem = module("gaussian-1d"), random_problem("gaussian-1d", rows, 1, 4, seed=8)
    vector, column = problem.X.reshape(-1), problem.X.reshape(-1, 1)
    parameters = code.Parameters(*problem.parameters)
    assert np.array_equal(code.log_joint(vector, parameters), code.log_joint(column, parameters))
    assert np.array_equal(code.e_step(vector, parameters), code.e_step(column, parameters))
    assert code.log_likelihood(vector, parameters) == code.log_likelihood(column, parameters)
    _assert_same(code.m_step(vector, problem.responsibilities), code.m_step(column, problem.responsibilities))
    _assert_same(code.em_step(vector, parameters)[0], code.em_step(column, parameters)[0])


@pytest.mark.parametrize("function", ["log_joint", "e_step", "m_step", "log_likelihood", "em_step"])
@pytest.mark.parametrize("name", NAMES)
def test_wrong_rank_is_refused(name: str, function: str) -> None:
    code, problem = module(name), _problem(name)
    second = problem.responsibilities if function == "m_step" else _parameters(name)
    N, D, K = size_of(name)
    wrong: list[Array] = [np.zeros((N, 2, D)), np.array(1.0)]
    wrong.append(np.zeros((N, 2)) if name == "gaussian-1d" else np.zeros(N))
    if name == "gaussian-1d":
        wrong.append(np.zeros((N, K)))  # would broadcast against the components and give numbers
    for X in wrong:
        with pytest.raises(ValueError, match="X"):
            getattr(code, function)(X, second)


@pytest.mark.parametrize("k", range(4))
@pytest.mark.parametrize("name", NAMES)
def test_a_component_without_points_is_named(name: str, k: int) -> None:
    problem = _problem(name)
    responsibilities = problem.responsibilities.copy()
    responsibilities[:, k] = 0
    with pytest.raises(ValueError, match=rf"component {k} has no points"):
        module(name).m_step(problem.X, responsibilities)


@pytest.mark.parametrize("name", NAMES)
def test_a_component_that_em_empties_is_named(name: str) -> None:
    """So far away that its responsibilities underflow to zero: no NaN comes back, and no warning."""
    code, (weights, means, spread) = module(name), _problem(name).parameters
    far = means.copy()
    far[1] = 1e6
    with pytest.raises(ValueError, match="component 1 has no points"):
        code.em_step(_problem(name).X, code.Parameters(weights, far, spread))


@pytest.mark.parametrize("function", ["log_joint", "e_step", "log_likelihood", "em_step"])
@pytest.mark.parametrize("name", NAMES)
def test_covariance_that_is_not_positive_definite(name: str, function: str) -> None:
    code, problem = module(name), _problem(name)
    weights, means, spread = problem.parameters
    wrong = [-spread, np.zeros_like(spread)]
    if name != "gaussian-tied":
        one = spread.copy()
        one[2] = -one[2]
        wrong.append(one)
    if name in {"gaussian-full", "gaussian-tied"}:
        # Its negative has a positive determinant: the sign alone gives nothing away.
        indefinite = np.diag([1.0, 1.0, -1.0])
        wrong += [np.broadcast_to(indefinite, spread.shape), np.broadcast_to(-indefinite, spread.shape)]
    for value in wrong:
        with pytest.raises(np.linalg.LinAlgError):
            getattr(code, function)(problem.X, code.Parameters(weights, means, value))


@pytest.mark.parametrize("name", NAMES)
def test_previous_is_accepted_and_changes_nothing(name: str) -> None:
    code, problem = module(name), _problem(name)
    with_previous = code.m_step(problem.X, problem.responsibilities, previous=_parameters(name))
    by_position = code.m_step(problem.X, problem.responsibilities, _parameters(name))
    for one, other, third in zip(
        with_previous, by_position, code.m_step(problem.X, problem.responsibilities), strict=True
    ):
        assert np.array_equal(one, third)
        assert np.array_equal(other, third)


@pytest.mark.parametrize("name", NAMES)
def test_em_step_is_its_parts(name: str) -> None:
    code, problem, parameters = module(name), _problem(name), _parameters(name)
    found, value = code.em_step(problem.X, parameters)
    expected = code.m_step(problem.X, code.e_step(problem.X, parameters), parameters)
    _assert_same(found, expected)
    assert value == pytest.approx(code.log_likelihood(problem.X, parameters), rel=1e-13)
    assert abs(value - code.log_likelihood(problem.X, found)) > 1e-3


@pytest.mark.parametrize("name", NAMES)
def test_parameters_may_come_as_the_baseline_writes_them(name: str) -> None:
    """Any named tuple of the same fields serves: the interface is structural."""
    code, problem = module(name), _problem(name)
    other = BASELINE[name].Parameters(*problem.parameters)
    assert np.array_equal(code.e_step(problem.X, other), code.e_step(problem.X, _parameters(name)))
