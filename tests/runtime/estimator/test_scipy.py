"""A mixture of scalars as SciPy's: against SciPy's own distributions, and what it refuses."""

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from derive.runtime import GaussianMixture, MixtureEstimator, to_scipy
from tests.runtime.estimator.test_mixture import clusters, waits


def fitted(name: str, X: Any, components: int = 2, **options: Any) -> MixtureEstimator:
    estimator = MixtureEstimator(name, components, random_state=0, **options)
    estimator.fit(X)
    return estimator


def test_gammas_are_scipys() -> None:
    ours = fitted("gamma", waits())
    mixture = to_scipy(ours)
    parts = [stats.gamma(a, scale=1 / b) for a, b in zip(ours.shapes_, ours.rates_, strict=True)]
    places = np.array([0.3, 1.0, 2.0, 7.0, 15.0, 30.0])
    expected = sum(weight * part.cdf(places) for weight, part in zip(ours.weights_, parts, strict=True))
    np.testing.assert_allclose(mixture.cdf(places), expected, rtol=1e-6)
    np.testing.assert_allclose(np.log(mixture.pdf(places)), ours.score_samples(places), rtol=1e-9)
    assert mixture.mean() == pytest.approx(waits().mean(), rel=1e-6)
    assert all(component.support()[0] == 0 for component in mixture.components)


def test_far_and_narrow() -> None:
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(1e6, 0.01, 300), rng.normal(1e6 + 5, 0.3, 200)])
    ours = fitted("gaussian-1d", X)
    part = to_scipy(ours).components[int(np.argmin(ours.variances_))]
    mean, sd = ours.means_.min(), math.sqrt(ours.variances_.min())
    np.testing.assert_allclose(part.cdf(mean + sd * np.array([-2.0, 0, 1])), stats.norm.cdf([-2, 0, 1]), rtol=1e-6)


def test_the_one_column_of_a_drop_in() -> None:
    X = waits()[:, None]
    ours = GaussianMixture(2, random_state=0).fit(X)
    assert to_scipy(ours).mean() == pytest.approx(waits().mean(), rel=1e-6)


def test_an_end_that_is_known() -> None:
    X = 2 * np.exp(np.random.default_rng(0).exponential(0.5, 300))
    mixture = to_scipy(fitted("pareto", X, 1, knowns={"scale": 2.0}))
    assert mixture.components[0].support()[0] == pytest.approx(2.0)
    assert mixture.cdf(1.9) == 0


def test_angles_need_their_interval() -> None:
    angles = np.random.default_rng(0).vonmises(1, 4, 300)
    ours = fitted("von-mises", angles, 1)
    with pytest.raises(ValueError, match="support="):
        to_scipy(ours)
    concentration = float(np.ravel(ours.concentrations_)[0])
    centre = float(np.ravel(ours.directions_)[0])
    found = to_scipy(ours, (-math.pi, math.pi)).cdf(0.5) - to_scipy(ours, (-math.pi, math.pi)).cdf(0.0)
    expected = np.subtract(*stats.vonmises(concentration, loc=centre).cdf([0.5, 0.0]))
    assert found == pytest.approx(expected, rel=1e-5)


def test_samples_are_drawn_from_it() -> None:
    ours = fitted("gamma", waits())
    drawn, labels = ours.sample(400)
    assert drawn.shape == labels.shape == (400,)
    assert stats.kstest(drawn, to_scipy(ours).cdf).pvalue > 1e-3
    np.testing.assert_array_equal(drawn, ours.sample(400)[0])
    with pytest.raises(ValueError, match="n_samples"):
        ours.sample(0)


@pytest.mark.parametrize(
    ("name", "X", "message"),
    [
        ("gaussian-full", clusters(), "2 columns"),
        ("geometric", np.random.default_rng(0).geometric(0.4, 300).astype(float), "whole numbers"),
    ],
)
def test_what_scipy_has_no_mixture_of(name: str, X: Any, message: str) -> None:
    ours = fitted(name, X, 1)
    with pytest.raises(ValueError, match=message):
        to_scipy(ours)
    with pytest.raises(ValueError, match=message):
        ours.sample(3)


def test_rows_with_densities_of_their_own() -> None:
    counts = np.random.default_rng(0).poisson(3.0, 50).astype(float)
    ours = MixtureEstimator("poisson", 1).fit(counts, knowns={"exposures": np.ones(50)})
    with pytest.raises(ValueError, match="each row"):
        to_scipy(ours)


def test_constants_that_were_given_with_the_rows() -> None:
    X = 1.5 * (1 + np.random.default_rng(0).pareto(2.0, 200))
    ours = MixtureEstimator("pareto", 1, random_state=0).fit(X, knowns={"scale": 1.5})
    mixture = to_scipy(ours, knowns={"scale": 1.5})
    assert mixture.cdf(4.0) == pytest.approx(stats.pareto(ours.shapes_[0], scale=1.5).cdf(4.0), rel=1e-6)
    assert (ours.sample(5, knowns={"scale": 1.5})[0] >= 1.5).all()
    with pytest.raises(ValueError, match=r'give it by knowns=\{"scale": number\}'):
        ours.sample(5)
