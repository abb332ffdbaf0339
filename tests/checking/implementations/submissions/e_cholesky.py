import numpy as np


def e_step(X, pi, mu, Sigma):
    N, D = X.shape
    K = len(pi)
    log_p = np.zeros((N, K))
    for k in range(K):
        d = X - mu[k]
        L = np.linalg.cholesky(Sigma[k])
        maha = (np.linalg.solve(L, d.T) ** 2).sum(axis=0)
        logdet = 2 * np.log(np.diag(L)).sum()
        log_p[:, k] = np.log(pi[k]) - 0.5 * (D * np.log(2 * np.pi) + logdet + maha)
    m = log_p.max(axis=1, keepdims=True)
    p = np.exp(log_p - m)
    return p / p.sum(axis=1, keepdims=True)
