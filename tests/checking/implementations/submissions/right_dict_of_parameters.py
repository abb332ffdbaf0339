import numpy as np


def em_step(X, params):
    pi, mu, Sigma = params["weights"], params["means"], params["covariances"]
    diff = X[:, None, :] - mu
    log_r = np.log(pi) - 0.5 * np.log(np.linalg.det(Sigma))
    log_r = log_r - 0.5 * np.einsum("nki,kij,nkj->nk", diff, np.linalg.inv(Sigma), diff)
    r = np.exp(log_r - np.logaddexp.reduce(log_r, axis=1, keepdims=True))
    n = r.sum(axis=0)
    mu = r.T @ X / n[:, None]
    diff = X[:, None, :] - mu
    Sigma = np.einsum("nk,nki,nkj->kij", r, diff, diff) / n[:, None, None]
    return {"weights": n / len(X), "means": mu, "covariances": Sigma}
