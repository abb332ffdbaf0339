import numpy as np


def e_step(X, pi, mu, sigma):
    N, D = X.shape
    K = len(pi)
    gamma = np.zeros((N, K))
    for n in range(N):
        for k in range(K):
            d = X[n] - mu[k]
            norm = 1 / np.sqrt((2 * np.pi) ** D * np.linalg.det(sigma[k]))
            gamma[n, k] = pi[k] * norm * np.exp(-0.5 * d @ sigma[k] @ d)
        gamma[n] /= gamma[n].sum()
    return gamma
