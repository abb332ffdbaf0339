"""Long formulas are broken into lines that fit, and nothing is lost or changed on the way."""

import pytest

from derive.proof import Derivation
from derive.rendering.breaking import broken
from derive.rendering.latex_style import latex, unfolded
from derive.rendering.measure import columns, ems
from derive.rendering.notation import notation
from derive.rendering.text_style import linear, spelled
from tests.rendering.symbols import Q


@pytest.mark.parametrize("width", [10, 25, 40, 60, 200])
def test_the_lines_hold_what_the_formula_holds(full: Derivation, width: int) -> None:
    for step in full.steps:
        layout = linear(notation(step.right))
        lines = broken(layout, width, lambda part: columns(spelled(part)), indent=2)
        assert "".join(map(spelled, lines)).replace(" ", "") == spelled(layout).replace(" ", "")


@pytest.mark.parametrize("width", [12.0, 20.0, 36.0])
def test_broken_brackets_balance_in_latex(full: Derivation, width: float) -> None:
    for step in full.steps:
        for line in broken(unfolded(notation(step.right)), width, ems):
            spelling = latex(line)
            assert spelling.count(r"\left") - spelling.count(r"\leftrightarrow") == spelling.count(r"\right")
            assert spelling.count("{") == spelling.count("}")


def test_what_fits_is_left_alone() -> None:
    assert broken(notation(Q), 100.0, ems) == [notation(Q)]


def test_what_cannot_be_broken_stays_whole() -> None:
    assert list(map(latex, broken(notation(Q), 0.0, ems))) == ["Q"]
