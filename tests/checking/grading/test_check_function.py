"""A function in a notebook's cell is compared where it is."""

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from derive.checking import check_function
from derive.errors import InputError

HAND_INS = Path(__file__).parents[3] / "docs" / "coursework" / "hand-ins"


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("hand_in", HAND_INS / name)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def test_right_functions_are_shown_as_right() -> None:
    eve = module("eve/em.py")
    for function in (eve.e_step, eve.m_step):
        checked = check_function(function)
        assert f"✓ {function.__name__} is right" in str(checked)
        assert "<p>" in checked._repr_html_()
        assert checked._repr_markdown_()


def test_a_wrong_function_fails_the_cell_with_a_sentence() -> None:
    with pytest.raises(AssertionError, match="m_step is wrong in covariances"):
        check_function(module("dan.py").m_step)


def test_a_function_that_raises_fails_the_cell() -> None:
    def m_step(X: np.ndarray, resp: np.ndarray) -> None:
        raise ValueError("not yet")

    with pytest.raises(AssertionError, match=r"m_step is failed: .*not yet"):
        check_function(m_step)


def test_another_name_is_told() -> None:
    solution = module("eve/em.py").m_step
    solution.__name__ = "exercise_3"
    with pytest.raises(InputError, match="what exercise_3 is for is not clear"):
        check_function(solution)
    assert "is right" in str(check_function(solution, name="m_step"))
