"""Models of a user's own, with coordinates as plates and with what is known of each sample: derived, and run."""

import numpy as np
import pytest

from derive.checking.code import compares_with_derivation, counts_parameters
from derive.checking.monotone import never_lowers
from derive.checking.statistics import statistics_add_up
from derive.em import derive_em
from derive.emission.module import render_module
from derive.language import (
    PI,
    Count,
    Data,
    Dimension,
    Expr,
    Index,
    Known,
    NonNegative,
    Parameter,
    Positive,
    PositiveDefinite,
    Simplex,
    inverse,
    log,
    log_factorial,
    logdet,
    quad,
    sum_over,
)
from derive.models.mixture import Mixture
from derive.runtime.load import load_source

n, k, d, D, P = Index("n", "N"), Index("k", "K"), Index("d", "D"), Dimension("D"), Dimension("P")
pi = Parameter("pi", k, domain=Simplex, code="weights")
x, v = Data("x", n, d), Data("y", n, shape=D)
mu, s = Parameter("mu", k, d, code="means"), Parameter("s", k, d, domain=Positive, code="variances")
shared = Parameter("t", d, domain=Positive, code="variances")
c, e = Data("c", n, d, domain=Count), Known("e", n, d, domain=Positive, code="exposures")
lam, r = Parameter("lam", k, d, domain=Positive, code="rates"), Parameter("r", k, domain=Positive, code="rates")
f, H = Known("f", n, shape=P, code="features"), Known("H", n, shape=(D, P), code="designs")
B, beta = Parameter("B", k, shape=(P, D), code="slopes"), Parameter("beta", k, shape=P, code="slopes")
S = Parameter("S", k, domain=PositiveDefinite(D), code="covariances")
size = Data("z", n, d, domain=NonNegative)


def _normal(variance: Expr) -> Expr:
    return sum_over(d, -log(2 * PI * variance) / 2 - (x[n, d] - mu[k, d]) ** 2 / (2 * variance))


def _around(mean: Expr) -> Expr:
    return -D * log(2 * PI) / 2 - logdet(S[k]) / 2 - quad(inverse(S[k]), v[n] - mean) / 2


DENSITIES = {
    "a variance for each component and coordinate": _normal(s[k, d]),
    "a variance for each coordinate": _normal(shared[d]),
    "counts with exposures": sum_over(
        d, c[n, d] * log(e[n, d] * lam[k, d]) - e[n, d] * lam[k, d] - log_factorial(c[n, d])
    ),
    "one rate for all coordinates": sum_over(d, log(r[k]) - r[k] * size[n, d]),
    "several responses to one set of features": _around(B[k].T @ f[n]),
    "a design for each sample": _around(H[n] @ beta[k]),
}


LONG = {"several responses to one set of features", "a design for each sample"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow if name in LONG else ()) for name in DENSITIES]
)
def test_everything_that_verify_checks(name: str) -> None:
    derivation = derive_em(Mixture("own", weights=pi, log_density=DENSITIES[name]))
    module = load_source(render_module(derivation), "own")
    for claim in (compares_with_derivation, counts_parameters, never_lowers, statistics_add_up):
        claim(derivation, module)


def test_sums_over_coordinates_are_matrix_products() -> None:
    """No array over samples, components and coordinates is made."""
    derivation = derive_em(Mixture("own", weights=pi, log_density=DENSITIES["counts with exposures"]))
    text = render_module(derivation)
    assert "_sum_of_logs(X, rates)" in text
    assert "exposures @ rates.T" in text
    assert "responsibilities.T @ exposures" in text
    assert "responsibilities.T @ X" in text
    assert "[:, :, np.newaxis]" not in text


def test_known_numbers_of_a_sample_are_checked() -> None:
    derivation = derive_em(Mixture("own", weights=pi, log_density=DENSITIES["counts with exposures"]))
    module = load_source(render_module(derivation), "own")
    X, gamma = np.ones((5, 2)), np.full((5, 3), 1 / 3)
    wrong = np.ones((5, 2))
    wrong[3, 1] = 0
    with pytest.raises(ValueError, match="exposures must be positive"):
        module.m_step(X, gamma, exposures=wrong)
    with pytest.raises(TypeError):
        module.m_step(X, gamma)
