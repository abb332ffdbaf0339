"""The Gaussian drop-in: scikit-learn's numbers, its checks, and what it promises beyond them."""

import warnings
from itertools import product
from typing import Any

import numpy as np
import pytest
import sklearn.mixture
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.estimator_checks import check_estimator

from derive.runtime import GaussianMixture
from derive.runtime.estimator.start import start

Array = np.ndarray[Any, Any]
STRUCTURES = ("full", "tied", "diag", "spherical")
WAYS = ("kmeans", "k-means++", "random", "random_from_data")
ATTRIBUTES = ("weights_", "means_", "covariances_", "precisions_", "precisions_cholesky_")


def clusters(seed: int = 0) -> Array:
    rng = np.random.default_rng(seed)
    parts = [rng.normal(mean, spread, (rows, 4)) for mean, spread, rows in ((0, 1, 150), (2, 0.6, 90), (5, 1.5, 210))]
    return np.concatenate(parts) @ rng.normal(size=(4, 4))


@pytest.mark.parametrize("structure", STRUCTURES)
def test_scikit_learns_checks(structure: str) -> None:
    found = check_estimator(GaussianMixture(covariance_type=structure), on_skip=None)
    assert len(found) > 40
    assert {one["check_name"] for one in found if one["status"] != "passed"} <= {"check_array_api_input"}
    assert any("sample_weight" in one["check_name"] for one in found)


#: scikit-learn's tied covariance at the start from drawn rows counts the rows that were not drawn: ours does not.
DRAWN_AND_TIED = {("tied", "k-means++"), ("tied", "random_from_data")}


@pytest.mark.parametrize(("structure", "way"), sorted(set(product(STRUCTURES, WAYS)) - DRAWN_AND_TIED))
def test_the_same_numbers_as_scikit_learn(structure: str, way: str) -> None:
    options: dict[str, Any] = {"covariance_type": structure, "init_params": way, "n_init": 2, "random_state": 3}
    X = clusters()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        ours = GaussianMixture(3, **options).fit(X)
        theirs = sklearn.mixture.GaussianMixture(3, **options).fit(X)
    for name in ATTRIBUTES:
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), rtol=1e-8, atol=1e-10, err_msg=name)
    assert ours.n_iter_ == theirs.n_iter_
    assert ours.converged_ == theirs.converged_
    np.testing.assert_allclose(ours.lower_bounds_[1:], theirs.lower_bounds_[1:], rtol=1e-12)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-9)
    np.testing.assert_allclose(ours.score_samples(X), theirs.score_samples(X), rtol=1e-10)
    assert ours.aic(X) == pytest.approx(theirs.aic(X), rel=1e-12)
    assert ours.bic(X) == pytest.approx(theirs.bic(X), rel=1e-12)
    for mine, its in zip(ours.sample(7), theirs.sample(7), strict=True):
        np.testing.assert_allclose(mine, its, rtol=1e-8)


@pytest.mark.parametrize("structure", STRUCTURES)
def test_weights_count_rows(structure: str) -> None:
    X = clusters()
    counts = np.random.default_rng(1).integers(0, 4, len(X))
    means = X[[3, 170, 300]]
    options: dict[str, Any] = {"covariance_type": structure, "means_init": means, "weights_init": [0.2, 0.3, 0.5]}
    options["precisions_init"] = {
        "full": np.stack([np.eye(4)] * 3),
        "tied": np.eye(4),
        "diag": np.ones((3, 4)),
        "spherical": np.ones(3),
    }[structure]
    few = GaussianMixture(3, tol=1e-9, max_iter=1000, **options).fit(X, sample_weight=counts)
    many = GaussianMixture(3, tol=1e-9, max_iter=1000, **options).fit(np.repeat(X, counts, axis=0))
    for name in ATTRIBUTES:
        np.testing.assert_allclose(getattr(few, name), getattr(many, name), rtol=1e-6, atol=1e-8)
    assert few.lower_bound_ == pytest.approx(many.lower_bound_, rel=1e-10)
    scaled = GaussianMixture(3, tol=1e-9, max_iter=1000, **options).fit(X, sample_weight=0.01 * counts)
    np.testing.assert_allclose(scaled.means_, few.means_, rtol=1e-9)


@pytest.mark.parametrize("way", ["kmeans", "k-means++", "random", "random_from_data"])
def test_a_weighted_start_draws_rows_by_weight(way: str) -> None:
    X = np.concatenate([clusters(), clusters() + 100])
    weights = np.ones(len(X))
    weights[len(X) // 2 :] = 1e-12
    responsibilities = start(way, X, 2, weights, np.random.RandomState(0))
    assert responsibilities.shape == (len(X), 2)
    if way == "random_from_data":
        assert np.flatnonzero(responsibilities.any(axis=1)).max() < len(X) // 2


@pytest.mark.parametrize("structure", STRUCTURES)
def test_a_start_that_is_given_is_the_start(structure: str) -> None:
    X = clusters()
    fitted = GaussianMixture(2, covariance_type=structure, random_state=0).fit(X)
    given = {"weights_init": fitted.weights_, "means_init": fitted.means_, "precisions_init": fitted.precisions_}
    again = GaussianMixture(2, covariance_type=structure, max_iter=0, **given).fit(X)
    for name in ATTRIBUTES:
        np.testing.assert_allclose(getattr(again, name), getattr(fitted, name), rtol=1e-8, atol=1e-10)
    assert again.n_iter_ == 0
    assert again.lower_bounds_ == []


def test_a_collapsed_start_is_the_best_only_if_all_are() -> None:
    """Reg_covar = 0 and a component of one row: its likelihood has no bound, and no parameters there are kept."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 2))
    X[0] = 50.0
    options: dict[str, Any] = {
        "means_init": [X[0], [0.0, 0.0]],
        "precisions_init": [1e4, 1.0],
        "weights_init": [0.5, 0.5],
        "covariance_type": "spherical",
    }
    with pytest.warns(ConvergenceWarning, match="collapsed"):
        fitted = GaussianMixture(2, reg_covar=0, **options).fit(X)
    assert not fitted.converged_
    assert np.isfinite(fitted.lower_bound_)
    np.testing.assert_allclose(fitted.precisions_, [1e4, 1.0])
    assert np.isfinite(GaussianMixture(2, **options).fit(X).lower_bound_)


@pytest.mark.parametrize("way", ["k-means++", "random_from_data"])
def test_rows_that_are_drawn_have_no_spread(way: str) -> None:
    options: dict[str, Any] = {"init_params": way, "reg_covar": 0.25, "random_state": 0, "max_iter": 0}
    for structure, expected in (("tied", 0.25 * np.eye(4)), ("spherical", np.full(3, 0.25))):
        started = GaussianMixture(3, covariance_type=structure, **options).fit(clusters())
        np.testing.assert_allclose(started.covariances_, expected, atol=1e-12)
        np.testing.assert_allclose(started.weights_, np.full(3, 1 / 3))
        assert (started.means_[:, None] == clusters()).all(axis=2).any(axis=1).all()


def test_reg_covar_is_the_m_step_of_blurred_data() -> None:
    X = clusters()
    one = GaussianMixture(1, reg_covar=0.3).fit(X)
    np.testing.assert_allclose(one.covariances_[0], np.cov(X.T, bias=True) + 0.3 * np.eye(4))


def test_more_components_than_distinct_rows() -> None:
    X = np.repeat([[0.0, 1.0], [1.0, 0.0]], 6, axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted = GaussianMixture(5, random_state=0).fit(X)
    assert np.isfinite(fitted.predict_proba(X)).all()
    assert fitted.weights_.sum() == pytest.approx(1)


def test_progress(capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        GaussianMixture(2, verbose=1, verbose_interval=2, max_iter=4, tol=0, n_init=2, random_state=0).fit(clusters())
    start_lines = "Initialization {}\n  Iteration 2\n  Iteration 4\nInitialization did not converge.\n"
    assert capsys.readouterr().out == start_lines.format(0) + start_lines.format(1)


def test_blocks_of_rows_are_put_together() -> None:
    X = np.repeat(clusters(), 200, axis=0)
    fitted = GaussianMixture(3, random_state=0).fit(X[::200])
    np.testing.assert_allclose(fitted.score_samples(X), np.repeat(fitted.score_samples(X[::200]), 200), rtol=1e-12)


@pytest.mark.parametrize("weights", [[-1.0] + [1.0] * 449, [0.0] * 450, [1.0] * 3])
def test_unusable_weights_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match=r"weight"):
        GaussianMixture(2).fit(clusters(), sample_weight=weights)


@pytest.mark.parametrize("structure", STRUCTURES)
def test_an_estimator_put_together_by_hand(structure: str) -> None:
    X = clusters()
    fitted = GaussianMixture(2, covariance_type=structure, random_state=0).fit(X)
    own = GaussianMixture(2, covariance_type=structure)
    own.weights_, own.means_, own.precisions_cholesky_ = fitted.weights_, fitted.means_, fitted.precisions_cholesky_
    np.testing.assert_allclose(own.score_samples(X), fitted.score_samples(X), rtol=1e-9)
