import numpy as np
from scipy.special import gammaln, logsumexp


def e_step(x, exposures, pi, lam):
    rate = np.outer(exposures, lam)
    log_p = np.log(pi) + x[:, None] * np.log(rate) - rate - gammaln(x + 1)[:, None]
    return np.exp(log_p - logsumexp(log_p, axis=1)[:, None])


def m_step(x, exposures, r):
    return r.mean(axis=0), x @ r / (exposures @ r)
