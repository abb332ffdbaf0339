"""EM for a Gaussian mixture, by Eve."""

import numpy as np


def e_step(X, weights, means, covariances):
    N, D = X.shape
    log_joint = np.empty((N, len(weights)))
    for k in range(len(weights)):
        diff = X - means[k]
        solved = np.linalg.solve(covariances[k], diff.T).T
        _, logdet = np.linalg.slogdet(covariances[k])
        log_joint[:, k] = np.log(weights[k]) - 0.5 * (D * np.log(2 * np.pi) + logdet + (diff * solved).sum(axis=1))
    log_joint -= log_joint.max(axis=1, keepdims=True)
    joint = np.exp(log_joint)
    return joint / joint.sum(axis=1, keepdims=True)


def m_step(X, resp):
    N, D = X.shape
    Nk = resp.sum(axis=0)
    weights = Nk / N
    means = resp.T @ X / Nk[:, None]
    covariances = np.empty((len(Nk), D, D))
    for k in range(len(Nk)):
        diff = X - means[k]
        covariances[k] = (resp[:, k, None] * diff).T @ diff / Nk[k]
    return weights, means, covariances
