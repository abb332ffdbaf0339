"""A program that computes something else is found out."""

import numpy as np
import pytest

from derive.runtime.benchmark.agreement import TOLERANCE, difference

EXPECTED = (np.array([0.25, 0.75]), np.array([[1e3, -2.0, 0.0], [4.0, 5.0, 6.0]]))


def test_the_same_has_no_difference() -> None:
    assert difference([one.copy() for one in EXPECTED], EXPECTED) == 0


def test_shapes_of_the_same_entries_may_differ() -> None:
    assert difference([EXPECTED[0][:, np.newaxis], EXPECTED[1].reshape(3, 2)], EXPECTED) == 0


def test_the_difference_is_relative_to_the_largest_entry_of_its_array() -> None:
    assert difference([EXPECTED[0], EXPECTED[1] + [[0, 0, 0.5], [0, 0, 0]]], EXPECTED) == pytest.approx(5e-4)
    assert difference([EXPECTED[0] + [0, 0.003], EXPECTED[1]], EXPECTED) == pytest.approx(4e-3)


@pytest.mark.parametrize(
    "found",
    [
        EXPECTED[:1],
        (EXPECTED[0], EXPECTED[1][:1]),
        (np.array([np.nan, 0.75]), EXPECTED[1]),
        (np.array([0.25, np.inf]), EXPECTED[1]),
        EXPECTED[::-1],
    ],
)
def test_what_cannot_be_compared_is_infinitely_far(found: tuple[np.ndarray, ...]) -> None:
    assert difference(found, EXPECTED) == np.inf


def test_arrays_of_zeros_are_compared_absolutely() -> None:
    assert difference([np.array([1e-3])], [np.zeros(1)]) == pytest.approx(1e-3)
    assert difference([np.zeros(1)], [np.zeros(1)]) == 0
    assert TOLERANCE < 1e-5
