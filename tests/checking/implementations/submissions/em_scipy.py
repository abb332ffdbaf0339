import numpy as np
from scipy.special import logsumexp
from scipy.stats import multivariate_normal


def em_step(X, pi, mu, Sigma):
    N, D = X.shape
    K = len(pi)
    log_p = np.stack([np.log(pi[k]) + multivariate_normal(mu[k], Sigma[k]).logpdf(X) for k in range(K)], axis=1)
    gamma = np.exp(log_p - logsumexp(log_p, axis=1, keepdims=True))
    Nk = gamma.sum(axis=0)
    new_mu = gamma.T @ X / Nk[:, None]
    new_Sigma = np.array([(gamma[:, k, None] * (X - new_mu[k])).T @ (X - new_mu[k]) / Nk[k] for k in range(K)])
    new_pi = Nk / N
    return new_pi, new_mu, new_Sigma
