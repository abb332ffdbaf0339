import numpy as np


def m_step(X, r):
    N, D = X.shape
    K = r.shape[1]
    cov = np.empty((D, D, K))
    means = np.empty((K, D))
    w = r.mean(axis=0)
    for k in range(K):
        means[k] = np.average(X, axis=0, weights=r[:, k])
        cov[:, :, k] = np.cov(X.T, aweights=r[:, k], bias=True)
    return means, cov, w
