import numpy as np


def m_step(X, gamma):
    N, D = X.shape
    K = gamma.shape[1]
    gamma = np.eye(K)[gamma.argmax(axis=1)]
    Nk = gamma.sum(axis=0)
    mu = gamma.T @ X / Nk[:, None]
    Sigma = np.zeros((K, D, D))
    for k in range(K):
        d = X - mu[k]
        Sigma[k] = (gamma[:, k, None] * d).T @ d / Nk[k]
    pi = Nk / N
    return pi, mu, Sigma
