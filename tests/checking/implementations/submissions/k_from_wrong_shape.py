import numpy as np


def m_step(X, gamma):
    N, D = X.shape
    K = X.shape[1]
    Nk = gamma.sum(axis=0)
    pi = Nk / N
    mu = np.zeros((K, D))
    sigma = np.zeros((K, D, D))
    for k in range(K):
        for n in range(N):
            mu[k] += gamma[n, k] * X[n]
        mu[k] /= Nk[k]
        for n in range(N):
            d = X[n] - mu[k]
            sigma[k] += gamma[n, k] * np.outer(d, d)
        sigma[k] /= Nk[k]
    return pi, mu, sigma
