import numpy as np
from scipy.stats import norm


def e_step(X, pi, mu, var):
    p = pi * norm.pdf(X[:, None, :], mu, var).prod(axis=2)
    return p / p.sum(axis=1, keepdims=True)
