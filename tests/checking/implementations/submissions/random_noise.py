import numpy as np


def m_step(X, resp):
    nk = resp.sum(0)
    weights = nk / len(X)
    means = resp.T @ X / nk[:, None]
    diff = X[:, None, :] - means
    covs = np.einsum("nk,nki,nkj->kij", resp, diff, diff) / nk[:, None, None]
    means = means + 1e-3 * np.random.default_rng().normal(size=means.shape)
    return weights, means, covs
