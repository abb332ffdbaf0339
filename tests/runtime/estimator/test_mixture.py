"""An estimator of any module: the driver's fits in scikit-learn's manners."""

import pickle
import warnings
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

import derive
from derive.runtime import GaussianMixture, GeneratedText, MixtureEstimator, plot_mixture
from derive.runtime.em import fit
from derive.runtime.estimator.given import EstimatorError
from derive.runtime.load import load_generated, load_source

Array = np.ndarray[Any, Any]
GENERATED = Path(__file__).parents[3] / "generated"
#: A covariance matrix of 30 columns cannot be estimated from the 27 rows of this check, which is said, not computed.
TOO_FEW_ROWS = {
    "check_sample_weight_equivalence_on_dense_data": "27 rows cannot give a covariance matrix of 30 columns"
}


def clusters(seed: int = 0) -> Array:
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.normal(mean, spread, (rows, 2)) for mean, spread, rows in ((0, 1, 90), (5, 0.6, 130))])


def waits(seed: int = 0) -> Array:
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.gamma(9.0, 0.2, 300), rng.gamma(30.0, 0.5, 200)])


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("gaussian-full", TOO_FEW_ROWS),
        ("gaussian-tied", TOO_FEW_ROWS),
        ("gaussian-diagonal", {}),
        ("gaussian-spherical", {}),
    ],
)
def test_scikit_learns_checks(name: str, refused: dict[str, str]) -> None:
    found = check_estimator(MixtureEstimator(name), expected_failed_checks=refused, on_skip=None)
    states = {one["check_name"]: one["status"] for one in found}
    assert {check for check, state in states.items() if state == "xfail"} == set(refused)
    assert {check for check, state in states.items() if state not in {"passed", "xfail"}} <= {"check_array_api_input"}


def test_the_fit_is_that_of_the_driver() -> None:
    X = clusters()
    result = fit(load_generated("gaussian-full"), X, 2, seed=4)
    ours = MixtureEstimator("gaussian-full", 2, random_state=4).fit(X)
    for found, expected in zip(ours.parameters_, result.parameters, strict=True):
        np.testing.assert_array_equal(found, expected)
    assert ours.n_iter_ == result.iterations
    assert ours.log_likelihood_ == result.log_likelihood
    assert ours.bic(X) == pytest.approx(result.bic, rel=1e-12)
    assert ours.score(X) == pytest.approx(ours.lower_bound_, rel=1e-12)
    assert ours.lower_bounds_ == sorted(ours.lower_bounds_)


@pytest.mark.parametrize("way", ["kmeans", "k-means++", "random_from_data"])
def test_a_model_of_scalars(way: str) -> None:
    ours = MixtureEstimator("gamma", 2, init_params=way, random_state=0, tol=1e-10).fit(waits())
    assert np.sort(ours.weights_) == pytest.approx([0.4, 0.6], abs=0.03)
    labels = ours.predict(waits()[:, None])
    assert (labels[:300] == labels[0]).mean() > 0.95
    np.testing.assert_allclose(ours.predict_proba(waits()).sum(axis=1), 1)
    assert ours.__sklearn_tags__().input_tags.one_d_array


def test_random_responsibilities_differ_by_start() -> None:
    one, several = (MixtureEstimator("gaussian-full", 2, init_params="random", n_init=n) for n in (1, 8))
    bounds = [estimator.set_params(random_state=3).fit(clusters()).lower_bound_ for estimator in (one, several)]
    assert bounds[1] >= bounds[0]


def test_every_way_to_name_a_model(tmp_path: Path) -> None:
    text = (GENERATED / "gamma.py").read_text(encoding="utf-8")
    path = tmp_path / "mine.py"
    path.write_text(text, encoding="utf-8")
    ways = ["gamma", path, str(path), GeneratedText("gamma", text), load_generated("gamma"), load_source(text, "gamma")]
    fits = [MixtureEstimator(way, 2, random_state=1).fit(waits()) for way in ways]
    for other in fits[1:]:
        np.testing.assert_array_equal(other.weights_, fits[0].weights_)
        again = pickle.loads(pickle.dumps(other))  # noqa: S301
        np.testing.assert_array_equal(again.predict(waits()), other.predict(waits()))
        assert clone(other).model is other.model


def test_a_model_of_ones_own_is_generated_first(tmp_path: Path) -> None:
    ours = derive.load("exponential").estimator(n_components=2, random_state=0)
    rng = np.random.default_rng(0)
    ours.fit(rng.exponential(np.repeat([1.0, 40.0], 500)))
    assert np.sort(ours.weights_) == pytest.approx([0.5, 0.5], abs=0.06)
    assert pickle.loads(pickle.dumps(ours)).weights_.shape == (2,)  # noqa: S301
    assert repr(ours).startswith("MixtureEstimator(model=GeneratedText('exponential')")


@pytest.mark.parametrize("name", ["gaussian-full", "gaussian-tied", "student-t", "gamma", "von-mises-fisher"])
def test_weights_count_rows(name: str) -> None:
    """Also of updates that are iterated, or solved for."""
    X = clusters() if name != "gamma" else waits()
    if name == "von-mises-fisher":
        X = np.random.default_rng(1).normal([0, 0, 2.0], size=(200, 3))
        X[:120] *= -1
        X /= np.linalg.norm(X, axis=1, keepdims=True)
    counts = np.random.default_rng(2).integers(0, 4, len(X))
    options: dict[str, Any] = {"n_init": 1, "random_state": 0, "max_iter": 60, "tol": 1e-13, "warm_start": True}
    start = MixtureEstimator(name, 2, **options)
    few, many = MixtureEstimator(name, 2, **options), MixtureEstimator(name, 2, **options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        start.fit(X)
        for estimator in (few, many):
            estimator.__dict__.update(vars(start))
        few.fit(X, sample_weight=counts)
        many.fit(np.repeat(X, counts, axis=0))
    for found, expected in zip(few.parameters_, many.parameters_, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
    assert few.log_likelihood_ == pytest.approx(many.log_likelihood_, rel=1e-7)


def test_weights_beside_a_prior_are_refused() -> None:
    model = derive.load("exponential").prior("pi ~ dirichlet(2)")
    with pytest.raises(ValueError, match="frequency"):
        model.estimator(2).fit(waits(), sample_weight=np.ones(500))


def test_weights_that_the_model_was_derived_with() -> None:
    counts = np.random.default_rng(2).integers(1, 4, 500)
    derived = derive.load("exponential").weights("frequency").estimator(1).fit(waits(), sample_weight=counts)
    assert derived.parameters_[1] == pytest.approx(counts.sum() / (counts @ waits()))
    plain = MixtureEstimator("exponential", 1).fit(waits(), sample_weight=counts)
    np.testing.assert_allclose(derived.score_samples(waits()[:7]), plain.score_samples(waits()[:7]))


def test_known_constants_of_rows() -> None:
    rng = np.random.default_rng(3)
    exposures = rng.uniform(1, 5, 400)
    second = rng.random(400) < 0.4
    counts = rng.poisson(exposures * np.where(second, 20.0, 2.0)).astype(float)
    ours = MixtureEstimator("poisson", 2, random_state=0).fit(counts, knowns={"exposures": exposures})
    np.testing.assert_allclose(np.sort(ours.rates_), [2.0, 20.0], rtol=0.1)
    labels = ours.predict(counts[:50], knowns={"exposures": exposures[:50]})
    assert (labels == np.argmax(ours.rates_)).tolist() == second[:50].tolist()
    with pytest.raises(ValueError, match="exposures"):
        ours.predict(counts)


def test_it_goes_into_scikit_learns_tools() -> None:
    X = clusters()
    pipeline = make_pipeline(StandardScaler(), MixtureEstimator("gaussian-full", 2, random_state=0)).fit(X)
    assert set(pipeline.predict(X)) == {0, 1}
    search = GridSearchCV(MixtureEstimator("gaussian-diagonal", random_state=0), {"n_components": [1, 2]}).fit(X)
    assert search.best_params_ == {"n_components": 2}


def test_float32_is_kept() -> None:
    ours = MixtureEstimator("gaussian-full", 2, random_state=0).fit(clusters().astype(np.float32))
    assert {value.dtype for value in ours.parameters_} == {np.dtype(np.float32)}
    assert ours.score_samples(clusters().astype(np.float32)).dtype == np.float32


def test_the_density_is_that_of_scipy() -> None:
    ours = MixtureEstimator("gamma", 2, random_state=0).fit(waits())
    density = sum(
        w * stats.gamma.pdf(waits(), a, scale=1 / b)
        for w, a, b in zip(ours.weights_, ours.shapes_, ours.rates_, strict=True)
    )
    np.testing.assert_allclose(ours.score_samples(waits()), np.log(density), rtol=1e-9)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("gaussian-ful", "did you mean"),
        (3, "is no generated module"),
        ("missing.py", "missing.py"),
    ],
)
def test_a_model_that_is_none(model: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        MixtureEstimator(model).fit(clusters())


def test_a_file_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"derive\.load"):
        MixtureEstimator(path).fit(clusters())


def test_what_cannot_be_answered() -> None:
    with pytest.raises(NotFittedError):
        MixtureEstimator("gamma").predict(waits())
    with pytest.raises(ValueError, match="cannot be fitted"):
        MixtureEstimator("gamma", 2).fit(-waits())
    with pytest.warns(ConvergenceWarning, match="max_iter=1"):
        MixtureEstimator("gamma", 2, max_iter=1).fit(waits())
    with pytest.raises(ValueError, match="scalar data"):
        MixtureEstimator("gamma", 2).fit(clusters())


def test_progress(capsys: pytest.CaptureFixture[str]) -> None:
    MixtureEstimator("gaussian-full", 2, n_init=1, verbose=1, verbose_interval=1, random_state=0).fit(clusters())
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["Initialization 0", "  Iteration 1"]
    assert lines[-1] == "Initialization converged."


def test_messages_speak_of_the_estimators_parameters() -> None:
    with pytest.raises(ValueError, match=r"use a smaller n_components$"):
        MixtureEstimator("gaussian-full", 9).fit(clusters()[:4])
    with pytest.raises(ValueError, match=r"knowns=\{\"exposures\": array\}"):
        MixtureEstimator("poisson", 1).fit(np.arange(9.0))
    with pytest.raises(ValueError, match=r"column '2' is constant") as caught:
        MixtureEstimator("gaussian-full", 2).fit(clusters() * [1, 0])
    assert "--" not in str(caught.value)


@pytest.mark.parametrize("kind", [GaussianMixture, partial(MixtureEstimator, "gaussian-full")])
def test_a_warm_start_needs_as_many_components(kind: Any) -> None:
    estimator = kind(2, warm_start=True, random_state=0).fit(clusters())
    with pytest.raises(ValueError, match="K = 3"):
        estimator.set_params(n_components=3).fit(clusters())
    with pytest.raises(ValueError, match="D = 3"):
        estimator.set_params(n_components=2).fit(np.random.default_rng(0).normal(size=(50, 3)))


def test_criteria_count_parameters_whose_number_only_the_fit_tells() -> None:
    """Two components: one free weight, two variances and two coefficients each."""
    rng = np.random.default_rng(0)
    y, knowns = rng.normal(size=80), {"features": np.column_stack([np.ones(80), rng.normal(size=80)])}
    found = MixtureEstimator("linear-regression", 2, random_state=0).fit(y, knowns=knowns)
    log_likelihood = found.score_samples(y, knowns).sum()
    assert found.n_parameters_ == 7
    assert found.bic(y, knowns) == pytest.approx(-2 * log_likelihood + 7 * np.log(80))
    assert found.aic(y, knowns) == pytest.approx(-2 * log_likelihood + 14)
    plot_mixture(found, y, knowns)


def test_known_constants_are_asked_for_in_pythons_words() -> None:
    counts = np.random.default_rng(0).poisson(3, 50)
    with pytest.raises(EstimatorError, match=r'exposures.* shape \(N,\): give it by knowns=\{"exposures": array\}$'):
        MixtureEstimator("poisson", 2).fit(counts)
    with pytest.raises(EstimatorError, match=r'scale.* a number: give it by knowns=\{"scale": number\}$'):
        MixtureEstimator("pareto", 2).fit(counts + 1.0)
    with pytest.raises(EstimatorError, match="no known constant 'e'; it has 'exposures'"):
        MixtureEstimator("poisson", 2).fit(counts, knowns={"e": np.ones(50)})


def test_what_load_returns_is_a_model() -> None:
    loaded = derive.load("geometric")
    X = np.random.default_rng(0).geometric(0.3, 60) - 1
    by_name = MixtureEstimator("geometric", 2, random_state=0).fit(X)
    assert MixtureEstimator(loaded, 2, random_state=0).fit(X).lower_bound_ == by_name.lower_bound_


def test_a_value_that_is_no_model_is_shown_in_brief() -> None:
    with pytest.raises(EstimatorError, match=r"^model=\[0, 1, 2.*\.\.\. is no generated module") as caught:
        MixtureEstimator(list(range(1000))).fit(clusters())
    assert len(str(caught.value)) < 250
