"""A model with fixed or tied members: its own M-step passes the trial, one that ignores the constraint does not."""

import pytest

import derive
from derive.checking.submitted.trial import Verdict


@pytest.mark.parametrize(
    ("name", "verb", "what"),
    [
        ("gaussian-1d", "fix", "mu[1] = 0"),
        ("gaussian-1d", "tie", "sigma2[2] = sigma2[1]"),
        ("bernoulli", "fix", "theta[1] = 1/2"),
        pytest.param("gaussian-diagonal", "fix", "Sigma[1] = 2*I", marks=pytest.mark.slow),
        pytest.param("gaussian-full", "tie", "mu[2] = -mu[1]", marks=pytest.mark.slow),
    ],
)
def test_a_trial_knows_which_members_are_given(name: str, verb: str, what: str) -> None:
    free = derive.load(name)
    model = free.fix(what) if verb == "fix" else free.tie(what)
    own = model.verify_m_step(model.module().m_step)
    assert own.passed
    other = model.verify_m_step(free.module().m_step)
    assert other.verdict is Verdict.invalid
    assert "not what the model says" in other.checks[0].detail


def test_a_changed_model_verifies() -> None:
    assert derive.load("gaussian-1d").tie("mu[2] = -mu[1]").fix("sigma2[3] = 1").verify().passed
