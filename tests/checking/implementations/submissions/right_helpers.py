import numpy as np


def e_step(X, pi, mu, sigma):
    gamma = np.array([[p * gauss(x, m, S) for p, m, S in zip(pi, mu, sigma)] for x in X])
    return gamma / gamma.sum(axis=1)[:, None]


def gauss(x, m, S):
    d = x - m
    return np.exp(-0.5 * d.dot(np.linalg.solve(S, d))) / np.sqrt(np.linalg.det(2 * np.pi * S))
