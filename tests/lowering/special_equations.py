"""Update equations with special functions, of no use but to hold their programs against exact values."""

from derive.language import (
    Data,
    Known,
    Parameter,
    Positive,
    absolute,
    atan2,
    bessel_ratio,
    cos,
    digamma,
    log_bessel_i,
    loggamma,
    polygamma,
    sin,
    sum_over,
    trigamma,
)
from tests.lowering.equations import D, N_k, derivation, gamma, k, mu, n
from tests.lowering.equations import x as direction

x = Data("x", n, domain=Positive)
a = Parameter("a", k, domain=Positive, code="shapes")
b = Parameter("b", k, code="angles")
t = Known("t", n, domain=Positive, code="exposures")

GAMMAS = derivation(
    "test-gammas",
    loggamma(a[k] + x[n])
    - loggamma(a[k] / 2)
    + digamma(a[k]) * b[k]
    - absolute(b[k] - x[n])
    + loggamma(7)
    - digamma(3) * t[n],
    {
        a: (1 / N_k) * sum_over(n, gamma[n, k] * t[n] * (x[n] / 1000) ** (t[n] / 1000)),
        b: digamma(a[k]) * sum_over(n, gamma[n, k] * loggamma(x[n])) + loggamma(a[k] * 2) / N_k,
    },
)

ANGLES = derivation(
    "test-angles",
    a[k] * cos(x[n] - b[k]) - log_bessel_i(0, a[k]) + bessel_ratio(1, a[k] * t[n]) + 3 ** (b[k] / 1000),
    {
        b: atan2(sum_over(n, gamma[n, k] * sin(x[n])), sum_over(n, gamma[n, k] * cos(x[n]))),
        a: N_k * bessel_ratio(0, sum_over(n, gamma[n, k] * t[n])) ** 2,
    },
)

SPHERE = derivation(
    "test-sphere",
    a[k] * mu[k].T * direction[n] - log_bessel_i(D / 2 - 1, a[k]) - bessel_ratio(D - 1, t[n]) * absolute(b[k]),
    {
        mu: (1 / N_k) * sum_over(n, gamma[n, k] * direction[n]),
        a: (1 / N_k) * sum_over(n, gamma[n, k] * bessel_ratio(D / 2 - 1, t[n])),
        b: log_bessel_i(D / 2, a[k]) / N_k,
    },
)

DERIVATIVES = derivation(
    "test-derivatives",
    trigamma(a[k]) * x[n] + polygamma(3, t[n]) - trigamma(5),
    {a: (1 / N_k) * sum_over(n, gamma[n, k] * x[n])},
)

POWERS = derivation(
    "test-powers",
    3 ** b[k] - (t[n] / 500) ** (-2 * b[k] / 500) - (x[n] / 900) ** (a[k] / 700),
    {
        a: (1 / N_k) * sum_over(n, gamma[n, k] * (t[n] / 500) ** (2 * x[n] / 500)),
        b: (1 / N_k) * sum_over(n, gamma[n, k]),
    },
)

SPECIAL = (GAMMAS, ANGLES, SPHERE)
