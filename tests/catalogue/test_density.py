"""The generated log joint, and log-likelihood, against SciPy's densities; data outside of the support are refused."""

import numpy as np
import pytest
from scipy.special import logsumexp, softmax

from tests.catalogue.example import SIZES, log_joint, m_step, module, problem
from tests.catalogue.examples import EXAMPLES

CASES = [(name, sizes) for name in EXAMPLES for sizes in SIZES]


@pytest.mark.parametrize(("name", "sizes"), CASES)
def test_log_joint_is_that_of_scipy(name: str, sizes: tuple[int, int, int]) -> None:
    example, code = EXAMPLES[name], module(name)
    given = problem(example, sizes, seed=1)
    parameters = m_step(example, given)
    expected = log_joint(example, given.X, parameters, given.knowns)
    assert expected.shape == (sizes[0], sizes[2])
    np.testing.assert_allclose(code.log_joint(given.X, parameters, **given.knowns), expected, rtol=1e-10, atol=1e-10)
    posterior = softmax(expected, axis=1)
    np.testing.assert_allclose(code.e_step(given.X, parameters, **given.knowns), posterior, rtol=1e-9, atol=1e-12)
    total = logsumexp(expected, axis=1).sum()
    assert code.log_likelihood(given.X, parameters, **given.knowns) == pytest.approx(total, rel=1e-10)


@pytest.mark.parametrize("name", EXAMPLES)
def test_data_outside_of_the_support_are_refused_and_the_row_is_named(name: str) -> None:
    example, code = EXAMPLES[name], module(name)
    given = problem(example, SIZES[0], seed=2)
    parameters = m_step(example, given)
    for value in (*example.outside, np.nan):
        X = given.X.copy()
        X[(5,) + (-1,) * (X.ndim - 1)] = value
        if np.isnan(value) and not example.outside:
            continue
        with pytest.raises(ValueError, match="row 5 "):
            code.log_joint(X, parameters, **given.knowns)
        with pytest.raises(ValueError, match="row 5 "):
            code.m_step(X, given.responsibilities, **given.knowns)
