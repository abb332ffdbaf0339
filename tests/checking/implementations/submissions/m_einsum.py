import numpy as np


def maximization(data, resp):
    nk = np.einsum("nk->k", resp)
    means = np.einsum("nk,nd->kd", resp, data) / nk[:, None]
    diff = data[:, None] - means
    covs = np.einsum("nk,nki,nkj->kij", resp, diff, diff) / nk[:, None, None]
    return means, covs, nk / nk.sum()
