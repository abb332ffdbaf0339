"""The driver: what it returns, when it stops, and what it says where EM cannot work."""

import math
import warnings
from typing import Any, cast

import numpy as np
import pytest
from scipy.special import logsumexp

from derive.datasets import load_faithful
from derive.errors import DeriveError, FitError, InputError
from derive.runtime.em import fit
from tests.runtime.fakes import EXPONENTIAL, FULL, SHIFTED, SPHERICAL, Fake


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_old_faithful_has_its_known_maximum() -> None:
    result = fit(FULL, load_faithful(), 2)
    assert result.log_likelihood == pytest.approx(-1130.26396, abs=1e-4)
    assert result.n_parameters == 11
    assert result.bic == pytest.approx(-2 * result.log_likelihood + 11 * math.log(272), rel=1e-14)
    assert result.converged


def test_the_log_likelihood_is_that_of_the_parameters_returned() -> None:
    X = load_faithful()
    for options in ({}, {"max_iter": 1}, {"tol": 1e3}):
        result = fit(FULL, X, 3, n_init=2, **options)
        assert result.log_likelihood == pytest.approx(FULL.log_likelihood(X, result.parameters), rel=1e-13)
        assert result.history[-1] == result.log_likelihood
        assert len(result.history) == result.iterations + 1


def test_max_iter_is_kept_and_said() -> None:
    result = fit(FULL, load_faithful(), 3, max_iter=2, n_init=1)
    assert result.iterations == 2
    assert not result.converged


def test_the_history_never_falls_and_the_tolerance_is_met() -> None:
    result = fit(FULL, load_faithful(), 3, tol=1e-5)
    gains = np.diff(result.history) / 272
    assert (gains > -1e-12).all()
    assert gains[-1] < 1e-5 <= gains[:-1].min()


def test_equal_seeds_give_equal_fits() -> None:
    X = load_faithful()
    first, second = (fit(FULL, X, 4, seed=5, n_init=2) for _ in range(2))
    for a, b in zip(first.parameters, second.parameters, strict=True):
        np.testing.assert_array_equal(a, b)
    assert first.history == second.history


def test_more_starts_are_never_worse() -> None:
    X = load_faithful()
    values = [fit(FULL, X, 4, seed=1, n_init=n, init="random").log_likelihood for n in (1, 3, 6)]
    assert values == sorted(values)


@pytest.mark.parametrize("init", ["kmeans", "k-means++", "random"])
def test_every_way_to_start_finds_two_clear_clusters(init: str) -> None:
    assert fit(FULL, load_faithful(), 2, init=init).log_likelihood == pytest.approx(-1130.264, abs=1e-3)


def test_units_do_not_matter() -> None:
    X = load_faithful()
    scale, shift = np.array([1e-9, 1e9]), np.array([3e-6, 1e12])
    plain, scaled = fit(FULL, X, 2), fit(FULL, X * scale + shift, 2)
    np.testing.assert_allclose(scaled.parameters.means, plain.parameters.means * scale + shift, rtol=1e-5)
    assert scaled.log_likelihood == pytest.approx(plain.log_likelihood - 272 * np.log(scale).sum(), rel=1e-4)


def test_float32_stays() -> None:
    result = fit(FULL, load_faithful().astype(np.float32), 2)
    assert result.parameters.means.dtype == np.float32
    assert result.converged


def test_a_model_that_is_no_gaussian(rng: np.random.Generator) -> None:
    X = np.concatenate([rng.exponential(1, 600), rng.exponential(30, 400)])
    result = fit(EXPONENTIAL, X, 2)
    np.testing.assert_allclose(np.sort(1 / result.parameters.rates), [1, 30], rtol=0.25)
    np.testing.assert_array_equal(fit(EXPONENTIAL, X[:, None], 2).parameters.rates, result.parameters.rates)


def test_known_constants_reach_every_function(rng: np.random.Generator) -> None:
    X = np.concatenate([rng.exponential(1, 60), rng.exponential(30, 40)])
    plain = fit(EXPONENTIAL, X, 2)
    shifted = fit(SHIFTED, X + 3, 2, knowns={"shift": np.array([[3.0]])})
    assert shifted.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-9)


@pytest.mark.parametrize(
    ("knowns", "message"),
    [
        ({}, "needs its known constant 'shift'"),
        ({"shift": np.ones(2)}, "should have shape"),
        ({"shift": np.array(np.nan)}, "NaN"),
        ({"shift": np.array(1.0), "other": np.array(1.0)}, "no known constant 'other'"),
    ],
)
def test_bad_known_constants(knowns: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        fit(SHIFTED, np.arange(5.0) + 4, 1, knowns=knowns)


def test_progress_is_told() -> None:
    told: list[tuple[int, int, float]] = []
    result = fit(FULL, load_faithful(), 2, n_init=2, on_iteration=lambda *what: told.append(what))
    assert {start for start, _, _ in told} == {0, 1}
    assert any(value == result.log_likelihood for _, _, value in told)


_TWO = np.array([[0.0, 0.0], [1.0, 1.2], [0.0, 0.0], [1.0, 1.2], [2.0, 0.0]] * 5)
_COPIES = np.array([[0.0]] * 5 + [[1.0]] * 5)
_REFUSED: dict[str, tuple[Fake, Any, int, type[DeriveError], str]] = {
    "K > N": (FULL, _TWO[:4], 5, InputError, "K = 5 components for N = 4 rows"),
    "K = 0": (FULL, _TWO, 0, InputError, "K must be 1 or more"),
    "K < 0": (FULL, _TWO, -3, InputError, "K must be 1 or more"),
    "K = 2.0": (FULL, _TWO, cast("int", 2.0), InputError, "K must be a whole number, not 2.0"),
    "K = True": (FULL, _TWO, True, InputError, "K must be a whole number, not True"),
    "a name": (cast("Fake", "gaussian-full"), _TWO, 2, InputError, "a generated module is needed, not the name"),
    "D too large": (EXPONENTIAL, _TWO, 1, InputError, r"model of scalar data \(D = 1\)"),
    "3 dimensions": (FULL, np.zeros((2, 2, 2)), 1, InputError, "3 dimensions"),
    "no rows": (FULL, np.zeros((0, 2)), 1, InputError, "empty"),
    "NaN": (FULL, np.array([[1.0, np.nan], [2, 3]]), 1, InputError, "not finite"),
    "constant": (FULL, np.c_[load_faithful(), np.ones(272)], 2, InputError, "column '3' is constant"),
    "all constant": (SPHERICAL, np.ones((9, 2)), 2, InputError, "columns '1', '2' are constant"),
    "constant but for rounding": (FULL, np.c_[load_faithful(), np.full(272, 0.1)], 2, InputError, "'3' is constant"),
    "dependent": (
        FULL,
        np.c_[load_faithful(), load_faithful() @ [2.0, -0.3]],
        2,
        InputError,
        r"column '3' follows from '1', '2' \(linearly dependent\)",
    ),
    "one row": (FULL, _TWO[:1], 1, InputError, "one row only"),
    "few rows": (FULL, np.vander([1.0, 2, 3], 5)[:, :4], 1, InputError, "3 rows are too few for 4 columns"),
    "overflow": (FULL, load_faithful() * 1e200, 2, InputError, "squares overflow"),
    "underflow": (FULL, load_faithful() * 1e-200, 2, InputError, "squares vanish"),
    "copies": (
        FULL,
        _COPIES,
        2,
        FitError,
        r"component \d collapsed on one point \(row \d, which the data hold 5 times",
    ),
    "too few distinct": (FULL, _COPIES, 3, FitError, "component 2 has no points of its own.*use -k 2 or less"),
    "K = N": (FULL, load_faithful()[:6], 6, FitError, r"component \d collapsed.*use fewer components \(-k\)"),
    "three places": (FULL, _TWO, 3, FitError, r"all 5 starts failed.*component \d collapsed on one point"),
    "outlier": (SPHERICAL, np.r_[load_faithful(), [[1e9, 1e9]]], 2, FitError, r"one point \(row 273\)"),
    "line": (FULL, np.r_[_TWO, np.c_[np.arange(9.0) + 40, np.full(9, 7.0)]], 2, FitError, r"component \d collapsed"),
}


@pytest.mark.parametrize("case", _REFUSED)
def test_refusals_name_the_cause_and_warn_of_nothing(case: str) -> None:
    module, X, k, kind, message = _REFUSED[case]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(kind, match=message) as caught:
            fit(module, X, k)
    assert type(caught.value) is kind
    assert "\n" not in str(caught.value)


def test_advice_speaks_of_no_covariances_where_there_may_be_none() -> None:
    with pytest.raises(FitError, match=r"fewer parameters \(as by --tie\)") as caught:
        fit(FULL, _TWO, 3)
    assert "covariance" not in str(caught.value)


def test_a_constant_column_is_no_harm_where_the_model_can_have_one() -> None:
    result = fit(SPHERICAL, np.c_[load_faithful(), np.full(272, 5.0)], 2)
    np.testing.assert_allclose(result.parameters.means[:, 2], 5)


def test_tight_clusters_far_apart_are_no_collapse(rng: np.random.Generator) -> None:
    X = np.r_[rng.normal(size=(50, 2)) * 1e-5, rng.normal(size=(50, 2)) * 1e-5 + 5]
    assert fit(FULL, X, 2).converged


def test_a_start_that_collapses_is_dropped_with_its_reason() -> None:
    result = fit(FULL, load_faithful()[:120], 12, n_init=8, init="random", max_iter=100)
    assert 0 < len(result.dropped) < 8
    assert all(reason.startswith("component ") for reason in result.dropped)
    assert math.isfinite(result.log_likelihood)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tol": 0}, "--tol"),
        ({"tol": -1e-3}, "--tol"),
        ({"tol": math.nan}, "--tol"),
        ({"tol": math.inf}, "--tol"),
        ({"max_iter": 0}, "--max-iter"),
        ({"n_init": 0}, "--n-init"),
        ({"seed": -1}, "--seed"),
        ({"init": "kmean"}, "--init 'kmean' is unknown; there is: kmeans"),
    ],
)
def test_bad_options(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        fit(FULL, load_faithful(), 2, **options)
    assert message in str(caught.value)


def test_the_driver_agrees_with_plain_em() -> None:
    X, k = load_faithful(), 2
    result = fit(FULL, X, k, tol=1e-12, n_init=1)
    following = FULL.m_step(X, FULL.e_step(X, result.parameters))
    for a, b in zip(following, result.parameters, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4)
    total = logsumexp(FULL.log_joint(X, result.parameters), axis=1).sum()
    assert result.log_likelihood == pytest.approx(total, rel=1e-13)
