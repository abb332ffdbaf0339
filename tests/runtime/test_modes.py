"""Modes of the E-step: against SciPy, against enumeration of all labellings, and at the ends of the temperatures."""

import contextlib
import itertools
import math

import numpy as np
import pytest
from scipy.special import logsumexp, softmax

from derive.datasets import load_faithful
from derive.errors import InputError
from derive.runtime.em import fit
from derive.runtime.initialisation import initial_responsibilities
from derive.runtime.modes import HARD, SOFT, Mode, annealed
from derive.runtime.options import Options
from derive.runtime.problem import Problem
from tests.runtime.fakes import EXPONENTIAL, FULL, SPHERICAL

ALL = [SOFT, HARD, annealed(3.0), annealed(0.4)]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(11)


@pytest.mark.parametrize("offset", [0.0, -1e6, 1e6])
@pytest.mark.parametrize("temperature", [0.3, 1.0, 5.0])
def test_soft_and_annealed_are_those_of_scipy(rng: np.random.Generator, offset: float, temperature: float) -> None:
    joint = rng.normal(scale=20, size=(7, 3)) + offset
    found, values = annealed(temperature).e_step(joint.copy())
    np.testing.assert_allclose(found, softmax(joint / temperature, axis=1), rtol=1e-9)
    np.testing.assert_allclose(values, temperature * logsumexp(joint / temperature, axis=1), rtol=1e-13)


def test_a_component_of_weight_zero_takes_no_points() -> None:
    joint = np.array([[-np.inf, -2.0, -1.0], [-3.0, -np.inf, -np.inf]])
    for mode in ALL:
        found, values = mode.e_step(joint.copy())
        assert (found[joint == -np.inf] == 0).all()
        np.testing.assert_allclose(found.sum(axis=1), 1)
        assert np.isfinite(values).all()


def test_hard_takes_the_first_of_equals() -> None:
    found, values = HARD.e_step(np.array([[-2.0, -1.0, -1.0], [0.0, 0.0, 0.0]]))
    np.testing.assert_array_equal(found, [[0, 1, 0], [1, 0, 0]])
    np.testing.assert_array_equal(values, [-1, 0])


def test_hard_is_the_best_of_all_labellings(rng: np.random.Generator) -> None:
    joint = rng.normal(size=(5, 3))
    sums = [joint[range(5), labelling].sum() for labelling in itertools.product(range(3), repeat=5)]
    assert HARD.e_step(joint)[1].sum() == pytest.approx(max(sums))


def test_temperatures_lead_from_hard_to_soft(rng: np.random.Generator) -> None:
    joint = rng.normal(size=(9, 4))
    for temperature, mode in ((1.0, SOFT), (1e-4, HARD)):
        found, values = annealed(temperature).e_step(joint)
        expected, wanted = mode.e_step(joint)
        np.testing.assert_allclose(found, expected, atol=1e-12)
        np.testing.assert_allclose(values, wanted, atol=1e-3 * temperature if mode is HARD else 1e-12)


def test_float32_stays_where_it_comes_from(rng: np.random.Generator) -> None:
    for mode in ALL:
        for part in mode.e_step(rng.normal(size=(4, 2)).astype(np.float32)):
            assert part.dtype == np.float32


@pytest.mark.parametrize("mode", ALL, ids=lambda mode: mode.objective)
@pytest.mark.parametrize("seed", range(3))
def test_no_mode_lowers_its_objective(mode: Mode, seed: int) -> None:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(60 + seed, 2)) + 4 * rng.integers(0, 4, size=(60 + seed, 1))
    problem = Problem(SPHERICAL, X, {}, mode=mode)
    parameters = problem.m_step(initial_responsibilities(X, 3, rng, "k-means++"))
    values = []
    with contextlib.suppress(ValueError):  # a component that loses its points ends the run
        for _ in range(25):
            parameters, value = problem.step(parameters)
            values.append(value)
    assert len(values) > 2
    assert (np.diff(values) >= -1e-10 * np.abs(values[:-1])).all()


def _classification_likelihood(x: np.ndarray, labels: tuple[int, ...]) -> float:
    """Of an exponential mixture with two components, at the parameters that are best for these labels."""
    parts = [x[np.equal(labels, k)] for k in range(2)]
    if not all(map(len, parts)):
        return -math.inf
    return sum(len(p) * (math.log(len(p) / len(x)) - math.log(p.mean()) - 1) for p in parts)


def test_hard_em_finds_the_best_of_all_labellings(rng: np.random.Generator) -> None:
    x = np.concatenate([rng.exponential(1, 6), rng.exponential(200, 4)])
    best = max(_classification_likelihood(x, labels) for labels in itertools.product(range(2), repeat=len(x)))
    result = fit(EXPONENTIAL, x, 2, mode="hard", n_init=20, init="random")
    assert result.value == pytest.approx(best, rel=1e-12)
    assert result.objective == "classification log-likelihood"
    assert result.bic is None
    assert result.log_likelihood == pytest.approx(EXPONENTIAL.log_likelihood(x, result.parameters), rel=1e-13)
    assert result.log_likelihood > result.value


def test_hard_em_ends_at_labels_that_reproduce_themselves() -> None:
    X = load_faithful()
    result = fit(FULL, X, 3, mode="hard")
    joint = FULL.log_joint(X, result.parameters)
    labels = joint.argmax(axis=1)
    assert result.converged
    for k in range(3):
        np.testing.assert_allclose(result.parameters.means[k], X[labels == k].mean(axis=0), rtol=1e-12)
        assert result.parameters.weights[k] == pytest.approx((labels == k).mean(), rel=1e-12)


def test_annealing_ends_as_ordinary_em() -> None:
    X = load_faithful()
    soft, slow = fit(FULL, X, 2), fit(FULL, X, 2, mode="annealed")
    assert slow.objective == "log-likelihood"
    assert slow.value == pytest.approx(soft.value, rel=1e-6)
    assert slow.bic == pytest.approx(soft.bic, rel=1e-6)
    at_once = fit(FULL, X, 2, mode="annealed", temperatures=[1])
    assert at_once.history == soft.history


def test_annealing_leaves_a_bad_start(rng: np.random.Generator) -> None:
    """Two clusters far apart and one that is wide: a start at random rows ends in the wrong place at once."""
    centres = np.array([[-9.0, 0.0], [9.0, 0.0], [0.0, 14.0], [0.0, -14.0]])
    X = np.concatenate([centre + rng.normal(size=(40, 2)) for centre in centres])
    values = {
        mode: [fit(SPHERICAL, X, 4, mode=mode, init="random", n_init=1, seed=seed).value for seed in range(12)]
        for mode in ("soft", "annealed")
    }
    found = {mode: sum(value > max(values["soft"]) - 1e-3 for value in each) for mode, each in values.items()}
    assert found["annealed"] >= found["soft"]


def test_iterations_of_all_temperatures_count() -> None:
    told: list[int] = []
    options = {"mode": "annealed", "temperatures": (2, 1), "max_iter": 3, "n_init": 1, "tol": 1e-12}
    result = fit(FULL, load_faithful(), 3, on_iteration=lambda _, i, __: told.append(i), **options)  # type: ignore[arg-type]
    assert told == list(range(8))
    assert result.iterations == 7
    assert len(result.history) == 4
    assert not result.converged


@pytest.mark.parametrize(
    ("mode", "temperatures", "message"),
    [
        ("harder", None, "--mode 'harder' is unknown; there is: soft, hard, annealed"),
        ("soft", (2.0, 1.0), "add --mode annealed"),
        ("annealed", (), "must be 1"),
        ("annealed", (4.0, 2.0), "must be 1"),
        ("annealed", (0.0, 1.0), "positive"),
        ("annealed", (math.nan, 1.0), "positive"),
        ("annealed", (math.inf, 1.0), "positive"),
        ("annealed", (-2.0, 1.0), "positive"),
    ],
)
def test_bad_modes(mode: str, temperatures: tuple[float, ...] | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Options(mode=mode, temperatures=temperatures)
