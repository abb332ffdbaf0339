"""Every step with every single node changed: none that is false slips through the certifier."""

import pytest

from derive.errors import StepRefusedError
from derive.proof.step import Step
from tests.proof.derivations import CATALOGUE, certify, derivation, mixture
from tests.proof.mutants import happens_to_be_true, mutants

SIZES = {"N": 5, "K": 3, "D": 2}
WITH_DESIGN = {"N": 7, "K": 4, "D": 3, "P": 2}  # N > D > P: inverses exist at the solutions too
ODD = ("design", "ridge", "standard-deviation", "precision-diagonal", "shared-mean", "poisson")


def sizes(name: str) -> dict[str, int]:
    return WITH_DESIGN if any(extent.name == "P" for extent in mixture(name).extents) else SIZES


def slipped(name: str, every: int = 1) -> tuple[list[str], int]:
    """Return the false mutants that were certified, and how many were refused."""
    names = tuple(extent.name for extent in mixture(name).extents)
    through, refused, seen = [], 0, 0
    for step in derivation(name).steps:
        for mutant in mutants(step, names):
            seen += 1
            if seen % every:
                continue
            if _certified(name, mutant):
                if not happens_to_be_true(step, mutant, sizes(name)):
                    through.append(f"{mutant.rule} ({mutant.number}): {mutant.left} {mutant.relation} {mutant.right}")
            else:
                refused += 1
    return through, refused


def _certified(name: str, mutant: Step) -> bool:
    try:
        certify(name, mutant)
    except StepRefusedError:
        return False
    return True


@pytest.mark.parametrize("name", ["gaussian-1d", "gaussian-diagonal"])
def test_a_sample_of_mutants_is_refused(name: str) -> None:
    through, refused = slipped(name, every=23)
    assert through == []
    assert refused > 40


@pytest.mark.slow
@pytest.mark.parametrize("name", CATALOGUE + ODD)
def test_no_mutant_slips_through(name: str) -> None:
    through, refused = slipped(name)
    assert through == []
    assert refused > 1000


QUICK = ("gaussian-1d", "gaussian-diagonal")
ALL = [pytest.param(name, marks=[] if name in QUICK else [pytest.mark.slow]) for name in CATALOGUE + ODD]


@pytest.mark.parametrize("name", ALL)
def test_the_float_evaluator_finds_every_true_step_true(name: str) -> None:
    """It knows nothing of the exact one: that every step holds for it too is a check of both."""
    for step in derivation(name).steps:
        assert happens_to_be_true(step, step, sizes(name)), step.rule
