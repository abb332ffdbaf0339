"""A fit that fails forgets nothing; rows of no component, masked values and odd weights are refused, in one line."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import derive
from derive.runtime import GaussianMixture, MixtureEstimator
from derive.runtime.estimator.given import EstimatorError
from tests.runtime.estimator.test_mixture import clusters, waits

MADE: list[Callable[..., Any]] = [
    lambda **options: GaussianMixture(2, random_state=0, **options),
    lambda **options: MixtureEstimator("gaussian-full", 2, random_state=0, n_init=1, **options),
]


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize("warm_start", [True, False])
def test_a_fit_that_fails_leaves_the_one_before(made: Any, warm_start: bool) -> None:
    X = clusters()
    fitted = made(warm_start=warm_start).fit(X)
    before, labels = dict(vars(fitted)), fitted.predict(X)
    with pytest.raises(ValueError, match=r"K =|n_components"):
        fitted.set_params(n_components=3).fit(np.ones((2, 5)))
    fitted.set_params(n_components=2)
    assert vars(fitted) == before
    np.testing.assert_array_equal(fitted.predict(X), labels)


@pytest.mark.parametrize("made", MADE)
def test_a_row_that_is_too_far_away(made: Any) -> None:
    fitted = made().fit(clusters())
    far = np.array([[0.0, 0.0], [1e200, 0.0]])
    assert np.isneginf(fitted.score_samples(far)).tolist() == [False, True]
    for ask in (fitted.predict, fitted.predict_proba):
        with pytest.raises(EstimatorError, match="row 2: no component gives it a finite density"):
            ask(far)


@pytest.mark.parametrize("made", MADE)
def test_masked_values_are_missing_values(made: Any) -> None:
    X = clusters()
    masked = np.ma.masked_array(X, X.mean() < X)
    with pytest.raises(ValueError, match="contains NaN"):
        made().fit(masked)
    with pytest.raises(ValueError, match="contains NaN"):
        made().fit(X).predict(masked)


def test_the_bound_of_a_weighted_model_is_that_of_a_row() -> None:
    model = derive.load("gaussian-1d").weights("frequency")
    X = clusters()[:, 0]
    counts = np.arange(len(X)) % 3
    weighted = model.estimator(2, random_state=0, n_init=1, init_params="random").fit(X, sample_weight=counts)
    code: Any = model.module()
    found = code.log_likelihood(X, weighted.parameters_, **{code.SAMPLE_WEIGHTS: counts})
    assert weighted.lower_bound_ == pytest.approx(found / counts.sum(), rel=1e-12)


@pytest.mark.parametrize("weights", [["a"] * 4, [1j] * 4, [[1, 2], [3]]])
def test_known_constants_that_are_no_numbers(weights: Any) -> None:
    estimator = derive.load("exponential").weights("frequency").estimator(1, random_state=0)
    with pytest.raises(EstimatorError, match=r"known constant 'sample_weight' (holds|is no table)"):
        estimator.fit(waits()[:4], sample_weight=weights)


def test_a_row_that_is_refused_is_counted_from_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("derive.runtime.estimator.fitted._BLOCK", 20)
    counts = np.arange(50.0) % 7
    estimator = MixtureEstimator("geometric", 1, random_state=0).fit(counts)
    counts[37] = 0.5
    with pytest.raises(EstimatorError, match=r"row 37 of X, counted from 0, holds 0\.5"):
        estimator.predict(counts)


@pytest.mark.parametrize("number", [0, 2.5, "a", None])
def test_a_number_of_samples_is_a_whole_number(number: Any) -> None:
    fitted = [GaussianMixture(1).fit(clusters()), MixtureEstimator("gaussian-1d", 1).fit(clusters()[:, 0])]
    for estimator in fitted:
        with pytest.raises(EstimatorError, match="n_samples"):
            estimator.sample(number)


def test_known_constants_have_names() -> None:
    knowns: Any = [1]
    with pytest.raises(EstimatorError, match="given by their names"):
        MixtureEstimator("poisson", 1).fit(waits(), knowns=knowns)
