"""Third oracle: M-steps and final log-likelihoods on iris by another implementation."""

import pytest

from tests.generated.loading import module
from tests.oracles import mclust


@pytest.mark.parametrize("name", mclust.FAMILIES)
def test_m_step_and_maximum_of_q(name: str) -> None:
    mclust.check_m_step(module(name), name)


@pytest.mark.parametrize("name", mclust.FAMILIES)
def test_em_ends_at_the_same_log_likelihood(name: str) -> None:
    mclust.check_em(module(name), name, max_iterations=3000, tolerance=1e-4)
