def e_step(X, pi, mu, Sigma):
    raise NotImplementedError
