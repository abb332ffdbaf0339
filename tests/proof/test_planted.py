"""False steps are refused: over a hundred, each with the true step beside it, which passes."""

import pytest

from derive.errors import StepRefusedError
from tests.proof.derivations import certify
from tests.proof.planted import PLANTED, Planted


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
def test_the_false_step_is_refused_and_the_true_one_passes(planted: Planted) -> None:
    step = planted.step
    false = planted.change(step)
    assert false != step
    assert certify(planted.model, step).certificate == step.certificate
    with pytest.raises(StepRefusedError, match=rf"step \({step.number}\)"):
        certify(planted.model, false)


def test_there_are_many_kinds_and_no_two_alike() -> None:
    assert len({planted.name for planted in PLANTED}) == len(PLANTED) >= 60
    assert len({planted.model for planted in PLANTED}) >= 6
    assert len({planted.rule for planted in PLANTED}) >= 20
