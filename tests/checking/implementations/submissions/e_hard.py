import numpy as np


def e_step(X, pi, mu, Sigma):
    N, D = X.shape
    K = len(pi)
    log_p = np.zeros((N, K))
    for k in range(K):
        d = X - mu[k]
        sol = np.linalg.solve(Sigma[k], d.T).T
        maha = np.sum(d * sol, axis=1)
        logdet = np.linalg.slogdet(Sigma[k])[1]
        log_p[:, k] = np.log(pi[k]) - 0.5 * (D * np.log(2 * np.pi) + logdet + maha)
    m = log_p.max(axis=1, keepdims=True)
    p = np.exp(log_p - m)
    return np.eye(K)[log_p.argmax(axis=1)]
