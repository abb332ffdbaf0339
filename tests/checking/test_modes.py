"""No objective of a mode falls by right code; by code with a planted fault one does, and is named."""

import pytest

from derive.checking.modes import modes_never_lower
from derive.em import derive_em
from derive.emission.module import render_module
from derive.errors import StepRefusedError
from derive.models.load import catalogue
from derive.proof import Derivation
from derive.runtime.load import load_source

FAULTS = {
    "one degree of freedom lost": ("variances = scatters / counts", "variances = scatters / (counts - 1)"),
    "variances about zero": ("(X[:, np.newaxis] - means) ** 2)", "X[:, np.newaxis] ** 2)"),
    "weights of the square roots": (
        "weights = counts / N",
        "weights = np.sqrt(counts) / np.sqrt(counts).sum()",
    ),
    "weights that the data move": (
        "weights = counts / N",
        "weights = counts * (1 + X.std()) ** np.arange(K)\n    weights = weights / weights.sum()",
    ),
}


@pytest.fixture(scope="module")
def derivation() -> Derivation:
    return derive_em(catalogue()["gaussian-1d"])


def test_right_code_passes(derivation: Derivation) -> None:
    found = modes_never_lower(derivation, load_source(render_module(derivation), "right"))
    assert "none fell" in found


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fall_is_found(fault: str, derivation: Derivation) -> None:
    right, wrong = FAULTS[fault]
    text = render_module(derivation)
    assert right in text
    text = text.replace(right, wrong).replace("    N = len(X)\n", "    N, K = responsibilities.shape\n")
    with pytest.raises(StepRefusedError, match=r"random data, run .* takes the .* from .* to"):
        modes_never_lower(derivation, load_source(text, "faulty"))


def test_code_that_always_fails_is_not_passed(derivation: Derivation) -> None:
    text = render_module(derivation).replace("    N = len(X)\n", "    raise ValueError\n")
    with pytest.raises(StepRefusedError, match="could not be tried: 33 of 33 runs ended"):
        modes_never_lower(derivation, load_source(text, "faulty"))
