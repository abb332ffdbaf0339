def e_step(X, pi, mu, Sigma):
    while True:
        pass


def m_step(X, gamma):
    while True:
        pass


def em_step(X, pi, mu, Sigma):
    while True:
        pass
