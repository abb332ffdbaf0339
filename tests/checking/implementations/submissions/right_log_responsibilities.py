import numpy as np
from scipy.special import logsumexp
from scipy.stats import multivariate_normal


def e_step(X, pi, mu, Sigma):
    log_joint = np.stack([np.log(pi[k]) + multivariate_normal.logpdf(X, mu[k], Sigma[k]) for k in range(pi.size)], -1)
    return log_joint - logsumexp(log_joint, axis=-1, keepdims=True)
