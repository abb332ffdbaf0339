import numpy as np


def e_step(x, pi, mu, sigma2):
    log_p = np.log(pi) - 0.5 * np.log(2 * np.pi * sigma2) - (x[:, None] - mu) ** 2 / (2 * sigma2)
    p = np.exp(log_p - log_p.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


def m_step(x, r):
    Nk = r.sum(axis=0)
    mu = (r * x[:, None]).sum(axis=0) / Nk
    sigma2 = (r * (x[:, None] - mu) ** 2).sum(axis=0) / Nk
    return {"pi": Nk / len(x), "mu": mu, "sigma2": np.sqrt(sigma2)}
