"""EM with the generated code never lowers the log-likelihood, as SciPy's densities see it."""

import numpy as np
import pytest
from scipy.special import logsumexp

from tests.catalogue.example import SIZES, Problem, log_joint, m_step, module, problem
from tests.catalogue.examples import EXAMPLES

ITERATIONS = 20


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("seed", [5, 6])
def test_log_likelihood_never_falls(name: str, seed: int) -> None:
    example, code = EXAMPLES[name], module(name)
    given = problem(example, (80, 3, 2), seed)
    parameters, before = m_step(example, given), -np.inf
    for _ in range(ITERATIONS):
        value = logsumexp(log_joint(example, given.X, parameters, given.knowns), axis=1).sum()
        assert value >= before - 1e-10 * max(1.0, abs(before))
        parameters, claimed = code.em_step(given.X, parameters, **given.knowns)
        assert claimed == pytest.approx(value, rel=1e-10)
        before = value


@pytest.mark.parametrize("name", EXAMPLES)
def test_from_a_poor_start_it_rises_strictly(name: str) -> None:
    """The start is the fit to the first rows only."""
    example, code = EXAMPLES[name], module(name)
    given = problem(example, SIZES[2], seed=7)
    rows = {known: len(shape) > 0 and shape[0] == "N" for known, shape in code.KNOWNS.items()}
    knowns = {known: value[:15] if rows[known] else value for known, value in given.knowns.items()}
    start = m_step(example, Problem(given.X[:15], knowns, given.responsibilities[:15]))
    parameters, first = code.em_step(given.X, start, **given.knowns)
    assert code.log_likelihood(given.X, parameters, **given.knowns) > first + 1e-6
