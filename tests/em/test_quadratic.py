"""Quadratic equations with one positive root, beside the textbook's formula; what has none is refused."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from derive.em import derive_em
from derive.emission.module import render_module
from derive.errors import NoClosedFormError
from derive.language import Data, Index, Parameter, Positive, Simplex, log
from derive.models.changes import Change, Kind, changed
from derive.models.mixture import Mixture
from derive.runtime.load import load_source
from tests.em.densities import n

k = Index("k", "K")
x = Data("x", n)
m, s2 = Parameter("m", k), Parameter("s2", k, domain=Positive)
pi = Parameter("pi", k, domain=Simplex)


def _gauss(*, normalised: bool) -> Mixture:
    density = -((x[n] - m[k]) ** 2) / (2 * s2[k])
    return Mixture("own", weights=pi, log_density=density - log(s2[k]) / 2 if normalised else density)


@pytest.mark.parametrize("normalised", [True, False])
@pytest.mark.parametrize("shape", [2, 40])
def test_a_gamma_prior_on_a_variance(normalised: bool, shape: int) -> None:
    """The factor of s2 in its equation, N_k / 2 + 1 - shape, has either sign."""
    model = changed(_gauss(normalised=normalised), "own", [Change(Kind.PRIOR, f"s2 ~ gamma({shape}, 3)")])
    module = load_source(render_module(derive_em(model)), "own")
    rng = np.random.default_rng(shape)
    X, weights = rng.normal(0.4, 1.3, 23), rng.dirichlet(np.ones(3), 23)
    found = module.m_step(X, weights)
    for c in range(3):
        scatter = np.sum(weights[:, c] * (X - found.m[c]) ** 2)
        count = weights[:, c].sum() if normalised else 0.0

        def cost(t: float, scatter: float = scatter, count: float = count) -> float:
            return float(scatter / np.exp(t) / 2 + count * t / 2 - (shape - 1) * t + 3 * np.exp(t))

        blind = minimize_scalar(cost, bracket=(-3, 3), tol=1e-14)
        assert cost(np.log(found.s2[c])) <= blind.fun + 1e-12 * abs(blind.fun)


def test_close_numbers_are_not_subtracted() -> None:
    """With a scatter that is small beside the other terms, the textbook's root loses its digits."""
    half_line = Parameter("r", k, domain=Positive)
    density = -(x[n] ** 2) / half_line[k] - log(half_line[k]) - half_line[k]
    module = load_source(render_module(derive_em(Mixture("own", weights=pi, log_density=density))), "own")
    X = np.full(5, 1e-6)
    found = module.m_step(X, np.ones((5, 1)))
    np.testing.assert_allclose(found.r, 1e-12 * (1 - 1e-12), rtol=1e-14)


def test_a_density_without_its_constant_is_refused() -> None:
    with pytest.raises(NoClosedFormError, match="no stationary point"):
        derive_em(_gauss(normalised=False))
