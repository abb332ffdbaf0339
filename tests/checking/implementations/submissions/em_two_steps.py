import numpy as np
from scipy.special import logsumexp


def responsibilities_of(X, weights, means, covariances):
    N, D = X.shape
    log_p = np.empty((N, len(weights)))
    for k, (w, m, S) in enumerate(zip(weights, means, covariances)):
        L = np.linalg.cholesky(S)
        z = np.linalg.solve(L, (X - m).T)
        log_p[:, k] = np.log(w) - 0.5 * D * np.log(2 * np.pi) - np.log(np.diag(L)).sum() - 0.5 * (z**2).sum(axis=0)
    return np.exp(log_p - logsumexp(log_p, axis=1, keepdims=True))


def once(X, weights, means, covariances):
    r = responsibilities_of(X, weights, means, covariances)
    n = r.sum(axis=0)
    new = r.T @ X / n[:, None]
    d = X[:, None] - new
    S = np.einsum("nk,nki,nkj->kij", r, d, d) / n[:, None, None]
    return n / len(X), new, S


def em_step(X, weights, means, covariances):
    return once(X, *once(X, weights, means, covariances))
