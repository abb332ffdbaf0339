"""Roots in programs: found by the interpreter, and by the functions that generated modules call."""

import numpy as np
import pytest
from scipy import stats

from derive.em import derive_em
from derive.emission.module import render_module
from derive.language import Data, Index, Parameter, Positive, Simplex, exp, log
from derive.lowering.find_root import find_root
from derive.models.mixture import Mixture
from derive.runtime.load import load_source
from derive.runtime.protocol import GeneratedModule

n, k = Index("n", "N"), Index("k", "K")
x = Data("x", n)
mu, beta = Parameter("mu", k, code="locations"), Parameter("beta", k, domain=Positive, code="scales")
pi = Parameter("pi", k, domain=Simplex, code="weights")
z = (x[n] - mu[k]) / beta[k]
GUMBEL = Mixture("extremes", weights=pi, log_density=-log(beta[k]) - z - exp(-z))


@pytest.fixture(scope="module")
def extremes() -> GeneratedModule:
    return load_source(render_module(derive_em(GUMBEL)), "extremes")


def test_the_largest_values_fit_is_that_of_scipy(extremes: GeneratedModule) -> None:
    X = np.asarray(stats.gumbel_r.rvs(3, 2, size=211, random_state=1))
    fitted = extremes.m_step(X, np.ones((211, 1)))
    assert (fitted.locations[0], fitted.scales[0]) == pytest.approx(stats.gumbel_r.fit(X), rel=1e-6)


def test_entries_of_unlike_size_are_found_together(extremes: GeneratedModule) -> None:
    X = np.concatenate([stats.gumbel_r.rvs(5, s, size=50, random_state=3) for s in (1e-3, 1.0, 1e3)])
    responsibilities = np.kron(np.eye(3), np.ones((50, 1)))
    scales = extremes.m_step(X, responsibilities).scales
    alone = [extremes.m_step(X[50 * j : 50 * j + 50], np.ones((50, 1))).scales[0] for j in range(3)]
    assert scales == pytest.approx(alone, rel=1e-12)


def test_where_there_is_no_maximum_it_is_said(extremes: GeneratedModule) -> None:
    with pytest.raises(ValueError, match=r"scales\[0\] has no finite maximum: Q keeps rising as it goes to 0; a prior"):
        extremes.m_step(np.ones(10), np.ones((10, 1)))


def test_a_component_without_points_is_named(extremes: GeneratedModule) -> None:
    with pytest.raises(ValueError, match="component 1 has no points"):
        extremes.m_step(np.arange(5.0), np.array([[1.0, 0.0]] * 5))


@pytest.mark.parametrize("ends", [(0, None), (None, None), (0, 1)])
def test_the_reference_finds_roots_all_over_the_domain(ends: tuple[int | None, int | None]) -> None:
    inside = {(0, None): [1e-9, 0.3, 7e8], (None, None): [-1e6, 1e-5, 40.0], (0, 1): [1e-7, 0.25, 1 - 1e-6]}[ends]
    found = find_root(lambda u: np.array(inside) - u, 3, ends)
    assert found == pytest.approx(inside, rel=1e-9)
    assert np.isnan(find_root(lambda u: -np.exp(np.minimum(u, 50)), 2, ends)).all()


def test_the_module_names_its_root_finder() -> None:
    text = render_module(derive_em(GUMBEL))
    assert "from scipy.optimize.elementwise import bracket_root, find_root" in text
