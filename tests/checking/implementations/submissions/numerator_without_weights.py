import numpy as np
from scipy.stats import multivariate_normal


def e_step(X, pi, mu, Sigma):
    p = np.array([multivariate_normal.pdf(X, m, S) for m, S in zip(mu, Sigma)]).T
    return p / (p @ pi)[:, None]
