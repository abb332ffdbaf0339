"""M-step of a Gaussian mixture, by Dan."""

import numpy as np


def m_step(X, resp, means):
    N, D = X.shape
    K = resp.shape[1]
    Nk = resp.sum(axis=0)
    weights = Nk / N
    covariances = np.zeros((K, D, D))
    for k in range(K):
        diff = X - means[k]
        covariances[k] = (resp[:, k, None] * diff).T @ diff / Nk[k]
    means = resp.T @ X / Nk[:, None]
    return weights, means, covariances
