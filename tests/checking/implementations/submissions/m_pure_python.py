def m_step(X, r):
    n, d, k = len(X), len(X[0]), len(r[0])
    pi, mu, cov = [], [], []
    for j in range(k):
        nj = sum(r[i][j] for i in range(n))
        m = [sum(r[i][j] * X[i][a] for i in range(n)) / nj for a in range(d)]
        pi.append(nj / n)
        mu.append(m)
        cov.append([[sum(r[i][j] * (X[i][a] - m[a]) * (X[i][b] - m[b]) for i in range(n)) / nj for b in range(d)] for a in range(d)])
    return mu, cov, pi
