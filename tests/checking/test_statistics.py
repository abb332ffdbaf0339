"""Merged statistics give the M-step's parameters; faults planted in generated code are found."""

import pytest

import derive
from derive.checking.statistics import statistics_add_up
from derive.errors import StepRefusedError
from derive.runtime.load import load_source

MODEL = derive.load("gaussian-diagonal")
FAULTS = {
    "a field that merging forgets": (" * step + b.sums", " * step"),
    "a field that is not moved": (" + a.counts[:, np.newaxis] * step", ""),
    "moved the wrong way": ("step = a.origin_means - b.origin_means", "step = b.origin_means - a.origin_means"),
    "the other block's origin": ("b.log_likelihood, b.origin_means)", "b.log_likelihood, a.origin_means)"),
    "a lost term": (" - (means - origin_means) ** 2", ""),
    "counts of another power": ("counts: Array = responsibilities.sum", "counts: Array = (responsibilities**2).sum"),
    "the mean without its origin": ("means = origin_means + sums", "means = sums"),
}


def test_blocks_add_up() -> None:
    assert "in 24 ways" in statistics_add_up(MODEL.derivation(), MODEL.module())


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str) -> None:
    before, after = FAULTS[name]
    code = MODEL.generate()
    head, separator, functions = code.partition("\ndef statistics(")
    assert before in functions, functions
    planted = load_source(head + separator + functions.replace(before, after), "planted")
    with pytest.raises(StepRefusedError):
        statistics_add_up(MODEL.derivation(), planted)
