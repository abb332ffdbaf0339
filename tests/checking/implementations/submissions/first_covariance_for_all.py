import numpy as np
from scipy.stats import multivariate_normal


def e_step(X, weights, means, covs):
    K = len(weights)
    dens = np.column_stack([weights[k] * multivariate_normal.pdf(X, means[k], covs[0]) for k in range(K)])
    return dens / dens.sum(axis=1, keepdims=True)
