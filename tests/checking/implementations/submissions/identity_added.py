import numpy as np


def m_step(X, resp):
    nk = resp.sum(0)
    weights = nk / len(X)
    means = resp.T @ X / nk[:, None]
    diff = X[:, None, :] - means
    covs = np.einsum("nk,nki,nkj->kij", resp, diff, diff) / nk[:, None, None]
    covs += np.eye(X.shape[1])
    return weights, means, covs
