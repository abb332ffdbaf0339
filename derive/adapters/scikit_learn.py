"""The M-steps of scikit-learn's Gaussian mixtures, e.g. for ``--m-step derive.adapters.scikit_learn:full``.

``full``, ``tied``, ``diag`` and ``spherical`` are those of `GaussianMixture` with these covariances and reg_covar=0:
maximum likelihood. With ``_default`` after their names they are as they come: reg_covar=1e-6 is added to each variance,
so that the result does not maximise Q.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture

from derive.errors import InputError

Array = NDArray[Any]
MStep = Callable[..., tuple[Array, Array, Array]]


def sklearn_m_step(estimator: GaussianMixture) -> MStep:
    """Return the M-step of an estimator as a function of data and responsibilities: weights, means and covariances.

    estimator: a GaussianMixture; its parameters, such as ``covariance_type`` and ``reg_covar``, are used, its number of
    components is that of the responsibilities. Scalar data, shape (N,), give scalar means.
    Raises InputError for an estimator that has no M-step of this meaning, such as a Bayesian one: it updates the
    distributions of the parameters, and Q is a function of the parameters themselves.
    """
    if isinstance(estimator, BayesianGaussianMixture):
        raise InputError(
            "BayesianGaussianMixture has no M-step to compare: it updates a posterior distribution over the parameters "
            "(variational inference), and does not maximise Q over their values; use GaussianMixture"
        )
    if not isinstance(estimator, GaussianMixture):
        raise InputError(f"sklearn_m_step takes a GaussianMixture of scikit-learn, not {type(estimator).__name__}")

    def m_step(X: Array, responsibilities: Array, previous: object = None) -> tuple[Array, Array, Array]:
        """Weights, means and covariances from data (N, D) or (N,) and responsibilities (N, K)."""
        del previous  # every update is in closed form
        fresh = clone(estimator).set_params(n_components=responsibilities.shape[1])
        with np.errstate(divide="ignore"):
            log_responsibilities = np.log(responsibilities)
        fresh._m_step(X if X.ndim > 1 else X[:, np.newaxis], log_responsibilities)  # noqa: SLF001 - what is on trial
        means = fresh.means_ if X.ndim > 1 else fresh.means_[:, 0]
        return fresh.weights_, means, fresh.covariances_

    return m_step


full = sklearn_m_step(GaussianMixture(covariance_type="full", reg_covar=0))
tied = sklearn_m_step(GaussianMixture(covariance_type="tied", reg_covar=0))
diag = sklearn_m_step(GaussianMixture(covariance_type="diag", reg_covar=0))
spherical = sklearn_m_step(GaussianMixture(covariance_type="spherical", reg_covar=0))

full_default = sklearn_m_step(GaussianMixture(covariance_type="full"))
tied_default = sklearn_m_step(GaussianMixture(covariance_type="tied"))
diag_default = sklearn_m_step(GaussianMixture(covariance_type="diag"))
spherical_default = sklearn_m_step(GaussianMixture(covariance_type="spherical"))
