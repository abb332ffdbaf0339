def m_step(X, gamma):
    N, D, K = len(X), len(X[0]), len(gamma[0])
    Nk = [sum(gamma[n][k] for n in range(N)) for k in range(K)]
    mu = [[sum(gamma[n][k] * X[n][d] for n in range(N)) / Nk[k] for d in range(D)] for k in range(K)]
    Sigma = [
        [
            [sum(gamma[n][k] * (X[n][i] - mu[k][i]) * (X[n][j] - mu[k][j]) for n in range(N)) / Nk[k] for j in range(D)]
            for i in range(D)
        ]
        for k in range(K)
    ]
    return [c / N for c in Nk], mu, Sigma
