"""The picture of a fitted estimator: clusters with their ellipses or densities, and the log-likelihood."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from sklearn.utils.validation import check_is_fitted

from derive.runtime.dataset import column_labels
from derive.runtime.em import FitResult
from derive.runtime.estimator.fitted import FittedMixture
from derive.runtime.plot import figure
from derive.runtime.protocol import Array


def plot_mixture(estimator: FittedMixture, X: Any, knowns: Mapping[str, Array] | None = None) -> Figure:
    """A Matplotlib figure that belongs to no window; ``savefig`` writes it.

    On the left the rows of X by their component: of vectors the two columns that the components separate best, with
    ellipses of two standard deviations where the model has covariances; of scalars a histogram with the densities. On
    the right the log-likelihood by iteration. knowns: the known constants that belong to these rows.
    """
    check_is_fitted(estimator)
    module = estimator.module_
    constants = {**(getattr(estimator, "knowns", None) or {}), **(knowns or {})}
    log_densities = estimator.score_samples(X, knowns)
    rows = len(log_densities)
    result = FitResult(
        parameters=estimator.parameters_,
        log_likelihood=float(log_densities.sum()),
        bic=estimator.bic(X, knowns),
        n_parameters=estimator.n_parameters_,
        iterations=estimator.n_iter_,
        converged=estimator.converged_,
        history=tuple(rows * value for value in estimator.lower_bounds_),
    )
    names = getattr(estimator, "feature_names_in_", None)
    columns = column_labels(names, estimator.n_features_in_)
    return figure(module, np.asarray(X), result, columns, knowns=constants)
