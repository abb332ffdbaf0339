"""scikit-learn's M-steps maximise Q without regularisation; with its default they are found to be off."""

import numpy as np
import pytest
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture
from sklearn.neighbors import KernelDensity

from derive import load
from derive.adapters import scikit_learn
from derive.adapters.scikit_learn import sklearn_m_step
from derive.checking.submitted.trial import Verdict
from derive.errors import InputError

MODELS = {
    "full": "gaussian-full",
    "tied": "gaussian-tied",
    "diag": "gaussian-diagonal",
    "spherical": "gaussian-spherical",
}


@pytest.mark.parametrize("name", MODELS)
def test_maximum_likelihood_passes(name: str) -> None:
    trial = load(MODELS[name]).verify_m_step(getattr(scikit_learn, name))
    assert trial.passed, trial.checks
    assert trial.verdict is Verdict.maximises


def test_scalar_data_pass() -> None:
    trial = load("gaussian-1d").verify_m_step(scikit_learn.spherical)
    assert trial.passed, trial.checks


@pytest.mark.parametrize("name", MODELS)
def test_the_default_is_off_in_the_covariances(name: str) -> None:
    trial = load(MODELS[name]).verify_m_step(getattr(scikit_learn, f"{name}_default"))
    assert not trial.passed
    assert trial.example is not None
    assert [one.parameter for one in trial.example.off] == ["covariances"]
    excess = trial.example.found["covariances"] - trial.example.right["covariances"] if trial.example.found else None
    assert excess is not None
    assert np.max(excess) == pytest.approx(1e-6, rel=1e-6)


def test_another_covariance_structure_is_refused() -> None:
    trial = load("gaussian-diagonal").verify_m_step(scikit_learn.full)
    assert trial.verdict is Verdict.invalid
    assert "covariances has shape" in trial.checks[0].detail


def test_a_bayesian_mixture_is_refused_with_the_reason() -> None:
    with pytest.raises(InputError, match="posterior distribution"):
        sklearn_m_step(BayesianGaussianMixture())


def test_another_estimator_is_refused() -> None:
    with pytest.raises(InputError, match="KernelDensity"):
        sklearn_m_step(KernelDensity())


def test_parameters_of_the_estimator_are_used() -> None:
    X, gamma = np.array([[0.0], [1.0]]), np.ones((2, 1))
    (*_, covariances) = sklearn_m_step(GaussianMixture(n_components=5, reg_covar=0.5))(X, gamma)
    assert covariances.item() == pytest.approx(0.75, rel=1e-12)
