"""scikit-learn's GaussianMixture, by its public functions only."""

import warnings

import numpy as np

from derive.runtime.benchmark.gaussians import Gaussians
from derive.runtime.benchmark.peers.peer import Peer
from derive.runtime.benchmark.program import Array, Run

_NAMES = {"full": "full", "tied": "tied", "diagonal": "diag", "spherical": "spherical"}


def _run(problem: Gaussians) -> Run:
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415 - optional, and slow to import
    from sklearn.mixture import GaussianMixture  # noqa: PLC0415

    by_matrix = problem.structure in {"full", "tied"}
    precisions = np.linalg.inv(problem.covariances) if by_matrix else 1 / problem.covariances

    def run(iterations: int, threads: int) -> tuple[Array, ...]:
        del threads  # those of the linear algebra library, which are limited for all programs
        mixture = GaussianMixture(
            n_components=len(problem.weights),
            covariance_type=_NAMES[problem.structure],
            tol=0,  # so that no change is small enough to stop
            reg_covar=0,
            max_iter=iterations,
            weights_init=problem.weights,
            means_init=problem.means,
            precisions_init=precisions,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            mixture.fit(problem.X)
        return mixture.weights_, mixture.means_, mixture.covariances_

    return run


SCIKIT_LEARN = Peer("scikit-learn", "sklearn", "scikit-learn", frozenset(_NAMES), _run, by_numpy=True)
