"""Sample weights for models that know of none: right where the M-step takes them, refused where it does not."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from derive.errors import FitError, InputError
from derive.runtime.em import fit
from derive.runtime.problem import Problem
from tests.runtime.fakes import EXPONENTIAL, FULL, Array

COUNTS = np.array([3.0, 1, 2, 1, 4, 1, 2, 1, 3, 2])


def waits() -> Array:
    return np.random.default_rng(1).exponential(np.repeat([1.0, 50.0], 5))


@pytest.mark.parametrize("mode", ["soft", "hard", "annealed"])
@pytest.mark.parametrize("labelled", [False, True])
def test_a_weight_counts_rows(mode: str, labelled: bool) -> None:
    known = np.array([0, -1, -1, -1, -1, 1, -1, -1, -1, -1])
    times = COUNTS.astype(int)
    start = EXPONENTIAL.Parameters(np.array([0.4, 0.6]), np.array([1.5, 0.03]))
    options: dict[str, Any] = {"starts": [start], "mode": mode, "tol": 1e-12}
    module: Any = EXPONENTIAL
    few = fit(module, waits(), 2, sample_weight=COUNTS, labels=known if labelled else None, **options)
    rows = np.repeat(np.arange(10), times)
    many = fit(module, waits()[rows], 2, labels=known[rows] if labelled else None, **options)
    assert few.log_likelihood == pytest.approx(many.log_likelihood, rel=1e-9)
    for found, expected in zip(few.parameters, many.parameters, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5)
    if mode == "soft":
        assert few.bic == pytest.approx(many.bic, rel=1e-9)


def _unweighted(X: Array, responsibilities: Array, counts: Array) -> tuple[Array, Array]:
    """Planted: the spread of all rows, whatever their responsibilities."""
    means = responsibilities.T @ X / counts[:, None]
    return means, np.stack([np.cov(X.T, bias=True)] * len(counts))


def test_an_m_step_that_does_not_take_weights_is_refused() -> None:
    module: Any = replace(FULL, estimate=_unweighted)
    X = np.random.default_rng(0).normal([[0.0, 0.0]] * 30 + [[9.0, 9.0]] * 25)
    fit(module, X, 2)
    with pytest.raises(InputError, match="covariances does not weigh rows"):
        fit(module, X, 2, sample_weight=np.linspace(1, 3, 55))


def test_a_fit_starts_where_it_is_told() -> None:
    X = np.random.default_rng(0).normal([[0.0, 0.0]] * 30 + [[9.0, 9.0]] * 25)
    module: Any = FULL
    first = fit(module, X, 2)
    again = fit(module, X, 2, starts=[first.parameters])
    assert again.iterations <= 1
    assert again.history[0] == pytest.approx(first.value)
    told: list[int] = []
    halves = np.repeat(np.eye(2), [30, 25], axis=0)
    both = fit(module, X, 2, starts=iter([halves, first.parameters]), on_iteration=lambda n, *_: told.append(n))
    assert set(told) == {0, 1}
    assert both.value == pytest.approx(first.value)


def test_a_start_of_other_sizes_is_refused() -> None:
    module: Any = EXPONENTIAL
    three = EXPONENTIAL.Parameters(np.full(3, 1 / 3), np.array([1.0, 2.0, 3.0]))
    with pytest.raises(InputError, match="K = 3, but K = 2"):
        fit(module, waits(), 2, starts=[three])
    with pytest.raises(InputError, match=r"\(10, 2\), not \(9, 2\)"):
        fit(module, waits(), 2, starts=[np.ones((9, 2))])


def test_a_start_without_density_is_told_of() -> None:
    X = np.random.default_rng(0).normal([[0.0, 0.0]] * 30 + [[9.0, 9.0]] * 25)
    module: Any = FULL
    singular = FULL.Parameters(np.array([0.5, 0.5]), np.zeros((2, 2)), np.zeros((2, 2, 2)))
    with pytest.raises(FitError):
        fit(module, X, 2, starts=[singular])


def test_weights_leave_ordinary_em() -> None:
    module: Any = EXPONENTIAL
    assert Problem(module, waits(), {}).plain
    assert not Problem(module, waits(), {}, weights=COUNTS).plain
    assert Problem(module, waits(), {}, weights=COUNTS).size == COUNTS.sum()
