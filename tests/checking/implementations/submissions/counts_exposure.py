import numpy as np
from scipy.special import gammaln


def e_step(X, pi, rates, exposures):
    log_p = np.log(pi) + X[:, None] * np.log(exposures[:, None] * rates) - exposures[:, None] * rates
    log_p -= gammaln(X + 1)[:, None]
    p = np.exp(log_p - log_p.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


def m_step(X, gamma, exposures):
    rates = gamma.T @ X / gamma.sum(axis=0)
    return gamma.mean(axis=0), rates
