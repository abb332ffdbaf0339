"""Rows that stand for several equal ones: in every mode the same as these rows written out."""

from typing import Any

import numpy as np
import pytest

from derive.em import derive_em
from derive.emission.module import render_module
from derive.language import Data, Index, Known, NonNegative, Parameter, Positive, Simplex, log
from derive.models import Mixture
from derive.runtime.em import fit
from derive.runtime.latent import observed
from derive.runtime.load import load_source
from derive.runtime.modes import HARD, SOFT, Mode, annealed
from derive.runtime.problem import Problem
from derive.runtime.protocol import GeneratedModule

Array = np.ndarray[Any, Any]
COUNTS = np.array([3.0, 1, 0, 2, 1, 4, 1, 1, 2, 1])
GROUPS = np.array([0, 0, 0, 1, 2, 2, 3, 4, 4, 4])
LABELS = np.array([1, 1, 1, -1, -1, -1, 0, -1, -1, -1])


def _module(name: str, *, weighted: bool) -> GeneratedModule:
    n, k = Index("n", "N"), Index("k", "K")
    y, lam = Data("y", n, domain=NonNegative), Parameter("lam", k, domain=Positive, code="rates")
    pi = Parameter("pi", k, domain=Simplex, code="weights")
    w = Known("w", n, domain=NonNegative, code="counts") if weighted else None
    model = Mixture(name, weights=pi, log_density=log(lam[k]) - lam[k] * y[n], sample_weights=w)
    return load_source(render_module(derive_em(model)), model.name)


@pytest.fixture(scope="module")
def modules() -> tuple[GeneratedModule, GeneratedModule]:
    """A mixture of exponentials, with sample weights and without."""
    return _module("weighted", weighted=True), _module("plain", weighted=False)


@pytest.mark.parametrize("mode", [SOFT, HARD, annealed(2.0)], ids=lambda mode: mode.objective)
@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.parametrize("labelled", [False, True])
def test_a_row_stands_for_equal_rows(
    modules: tuple[GeneratedModule, GeneratedModule], mode: Mode, grouped: bool, labelled: bool
) -> None:
    y = np.random.default_rng(4).exponential(np.where(LABELS == 1, 1.0, 60.0))
    repeated = np.repeat(np.arange(10), COUNTS.astype(int))

    def problem(module: GeneratedModule, rows: Array, knowns: dict[str, Array]) -> Problem:
        groups = GROUPS[rows] if grouped else None
        return Problem(
            module, y[rows], knowns, observed(len(rows), 2, LABELS[rows] if labelled else None, groups), mode
        )

    weighted, plain = modules
    few = problem(weighted, np.arange(10), {"counts": COUNTS})
    many = problem(plain, repeated, {})
    parameters = plain.Parameters(np.array([0.4, 0.6]), np.array([0.02, 1.0]))
    for _ in range(4):
        following, value = few.step(parameters)
        expected, wanted = many.step(parameters)
        assert value == pytest.approx(wanted, rel=1e-12)
        for found, right in zip(following, expected, strict=True):
            np.testing.assert_allclose(found, right, rtol=1e-11)
        parameters = following
    assert few.size == many.size
    assert few.log_likelihood(parameters) == pytest.approx(many.log_likelihood(parameters), rel=1e-12)


def test_bic_counts_the_rows_that_are_meant(modules: tuple[GeneratedModule, GeneratedModule]) -> None:
    y = np.random.default_rng(4).exponential(np.where(LABELS == 1, 1.0, 30.0))
    result = fit(modules[0], y, 2, knowns={"counts": COUNTS})
    assert result.bic == pytest.approx(-2 * result.log_likelihood + 3 * np.log(16))


def test_a_row_of_weight_zero_may_be_impossible(modules: tuple[GeneratedModule, GeneratedModule]) -> None:
    """Nothing times minus infinity is nothing."""
    counts = np.array([1.0, 0.0, 2.0])
    parameters = modules[0].Parameters(np.array([1.0, 0.0]), np.array([0.2, 1.1]))
    problem = Problem(modules[0], np.arange(1.0, 4), {"counts": counts}, observed(3, 2, [0, 1, 0], None))
    with np.errstate(all="ignore"):
        assert np.isfinite(problem.e_step(parameters)[1])
