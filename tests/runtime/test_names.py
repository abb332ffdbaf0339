"""Labels and groups as they are spelled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.errors import InputError
from derive.runtime.names import named_groups, numbered_labels


def test_numbers_stay_numbers() -> None:
    assert numbered_labels(["0", "", "-1", "2.0", "1"], 2, "f") == ([0, -1, -1, 2, 1], {})


def test_names_are_numbered_in_alphabetical_order() -> None:
    assert numbered_labels(["b", "", "a", "-1", "b"], 2, "f") == ([1, -1, 0, -1, 1], {"a": 0, "b": 1})
    assert numbered_labels(["1", "x"], 3, "f") == ([0, 1], {"1": 0, "x": 1})


@pytest.mark.parametrize("cell", ["inf", "1e400", "0.5", "1e300"])
def test_numbers_that_are_no_integers_are_no_labels(cell: str) -> None:
    with pytest.raises(InputError, match=f"f, row 2: {cell} is no label"):
        numbered_labels(["1", cell], 2, "f")


def test_more_names_than_components() -> None:
    with pytest.raises(InputError, match=r"f holds 5 labels \(a, b, c, d, ...\) for K = 2 components"):
        numbered_labels(list("abcde"), 2, "f")


@given(st.lists(st.sampled_from(["", "row 1", "row 2", "row 2'", "a"]), min_size=1))
def test_a_row_without_a_group_is_alone(cells: list[str]) -> None:
    names = named_groups(cells)
    for i, (cell, name) in enumerate(zip(cells, names, strict=True)):
        assert (name == cell) if cell else (names.count(name) == 1), i
