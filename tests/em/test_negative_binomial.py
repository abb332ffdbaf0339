"""Negative binomial: two updates that need each other, each the maximum over its own parameter."""

from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize_scalar

from tests.catalogue.example import derivation, module


def problem() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    return rng.negative_binomial(1.7, 0.3, 43).astype(float), rng.dirichlet([0.5, 2.0, 1.0], 43)


def test_each_update_is_the_maximum_over_its_own_parameter() -> None:
    X, shares = problem()
    code = module("negative-binomial")
    start = code.Parameters(np.full(3, 1 / 3), np.array([0.5, 2.0, 9.0]), np.array([0.2, 0.5, 0.9]))
    found = code.m_step(X, shares, start)
    for k in range(3):
        size = minimize_scalar(
            lambda log_r, k=k: -np.sum(shares[:, k] * stats.nbinom.logpmf(X, np.exp(log_r), start.probabilities[k])),
            bounds=(-6, 8),
            method="bounded",
            options={"xatol": 1e-10},
        )
        assert np.log(found.sizes[k]) == pytest.approx(size.x, abs=1e-6)
        mean = shares[:, k] @ X / shares[:, k].sum()
        assert found.probabilities[k] == pytest.approx(found.sizes[k] / (found.sizes[k] + mean), rel=1e-12)


def test_it_is_said_that_the_updates_depend_on_each_other() -> None:
    made = derivation("negative-binomial")
    assert any("r needs the previous p" in section.words for section in made.sections)


def test_without_previous_values_it_starts_inside_of_the_domain() -> None:
    X, shares = problem()
    found = module("negative-binomial").m_step(X, shares)
    assert (found.sizes > 0).all()
    assert ((found.probabilities > 0) & (found.probabilities < 1)).all()


def test_where_all_counts_are_zero_there_is_no_size() -> None:
    with pytest.raises(ValueError, match=r"sizes\[0\] has no finite maximum"):
        module("negative-binomial").m_step(np.zeros(5), np.ones((5, 1)))


def test_counts_that_vary_less_than_poisson_let_the_size_grow() -> None:
    X, code = np.array([4.0, 5.0, 5.0, 6.0]), module("negative-binomial")
    found: Any = None
    sizes: list[float] = []
    for _ in range(60):
        found = code.m_step(X, np.ones((4, 1)), found)
        sizes.append(found.sizes[0])
    assert (np.diff(sizes) > 0).all()
