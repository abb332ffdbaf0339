import numpy as np


class GMM:
    def __init__(self, n_components=3):
        self.n_components = n_components

    def m_step(self, X, resp):
        Nk = resp.sum(axis=0)
        self.means = resp.T @ X / Nk[:, None]
        self.covs = np.array([(resp[:, k, None] * (X - self.means[k])).T @ (X - self.means[k]) / Nk[k] for k in range(len(Nk))])
        self.weights = Nk / len(X)
