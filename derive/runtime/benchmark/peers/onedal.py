"""oneDAL's EM for Gaussian mixtures, by its Python interface daal4py."""

import numpy as np

from derive.runtime.benchmark.gaussians import Gaussians
from derive.runtime.benchmark.peers.peer import Peer
from derive.runtime.benchmark.program import Array, Run

_NAMES = {"full": "full", "diagonal": "diagonal"}


def _run(problem: Gaussians) -> Run:
    import daal4py  # noqa: PLC0415 - optional, and slow to import

    D = problem.means.shape[1]
    start = [np.ascontiguousarray(one.reshape(-1, D)) for one in problem.covariances]
    weights = problem.weights.reshape(1, -1)

    def run(iterations: int, threads: int) -> tuple[Array, ...]:
        daal4py.daalinit(threads)
        algorithm = daal4py.em_gmm(
            len(problem.weights),
            maxIterations=iterations,
            accuracyThreshold=0.0,  # so that no change is small enough to stop
            regularizationFactor=0.0,
            covarianceStorage=_NAMES[problem.structure],
        )
        found = algorithm.compute(problem.X, weights, problem.means, start)
        covariances = np.reshape(np.stack(found.covariances), problem.covariances.shape)
        return np.ravel(found.weights), np.asarray(found.means), covariances

    return run


ONEDAL = Peer("onedal", "daal4py", "scikit-learn-intelex", frozenset(_NAMES), _run, by_numpy=False)
