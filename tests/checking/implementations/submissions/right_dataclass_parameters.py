from dataclasses import dataclass

import numpy as np


@dataclass
class Params:
    weights: np.ndarray
    means: np.ndarray
    covariances: np.ndarray


def m_step(X, gamma):
    Nk = gamma.sum(0)
    means = gamma.T @ X / Nk[:, None]
    diff = X - means[:, None]
    covs = (gamma.T[..., None] * diff).swapaxes(1, 2) @ diff / Nk[:, None, None]
    return Params(Nk / len(X), means, covs)
