import numpy as np
from scipy.special import softmax
from scipy.stats import multivariate_normal as mvn


def e_step(X, pis, mus, sigmas):
    logits = np.array([np.log(p) + mvn(m, s).logpdf(X) for p, m, s in zip(pis, mus, sigmas)]).T
    return softmax(logits, axis=1)
