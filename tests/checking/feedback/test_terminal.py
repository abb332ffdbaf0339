"""Feedback on a terminal."""

import io
import re
from dataclasses import replace
from typing import Literal

import pytest
from rich.console import Console

from derive.checking.derivations.outcome import Feedback, Row, Verdict
from derive.checking.feedback.hints import Hints
from derive.checking.feedback.terminal import show
from derive.checking.parsing.written import Document
from tests.checking.feedback.samples import CLEAN, DOCUMENT, EMPTY, FEEDBACK, NASTY, NASTY_DOCUMENT


def printed(
    feedback: Feedback,
    hints: Hints = Hints.why,
    document: Document | None = DOCUMENT,
    width: int = 100,
    *,
    colours: bool = False,
) -> str:
    out = io.StringIO()
    system: Literal["truecolor"] | None = "truecolor" if colours else None
    show(Console(file=out, width=width, color_system=system, force_terminal=colours), feedback, hints, document)
    return out.getvalue()


def test_every_row_has_its_line_mark_and_formula() -> None:
    text = printed(FEEDBACK)
    for line, mark, begin in [
        (7, "!", "L = ∑_{n=1}^N ∑_{k=1}^K γ_nk [log π_k + log 𝒩(x_n | μ_k, Σ_k)]"),
        (11, "!", "log 𝒩(x_n | μ_k, Σ_k) ∝ −½ (x_n − μ_k)ᵀ Σ_k⁻¹ (x_n − μ_k)"),
        (15, "✓", "∂L/∂μ_k = ∑_{n=1}^N γ_nk Σ_k⁻¹ (x_n − μ_k) = 0"),
        (19, "⇔", "∂L/∂μ_k = "),
        (23, "✗", "⇒ ⟦ μ_k = ∑_{n=1}^N γ_nk x_n / N ⟧"),
        (25, "↳", "⇔ N μ_k = "),
        (28, "?", r"\Sigma_k = \frac{1}{N_k"),
    ]:
        assert f"{line:>2}  {mark}  {begin}" in text
    assert "first wrong row: line 23" in text
    assert "6 of 7 rows of mathematics checked (85\u00a0%)" in text
    assert "✗ means wrong" in text


def test_the_caret_is_below_the_column() -> None:
    lines = printed(FEEDBACK).splitlines()
    at = next(i for i, line in enumerate(lines) if line.lstrip().startswith("28"))
    source = FEEDBACK.rows[-1].latex
    start = lines[at].index(source)
    assert lines[at + 1].index("^") - start == 18
    assert "a closing brace is missing" in lines[at + 2]


@pytest.mark.parametrize("column", [1, 40, 300, 301, 10_000])
@pytest.mark.parametrize("width", [30, 80])
def test_the_caret_of_a_long_row_is_in_sight(column: int, width: int) -> None:
    source = "".join(f"{i % 10}" for i in range(300))
    row = Row(1, source, Verdict.UNCHECKED, column=column)
    lines = printed(replace(EMPTY, rows=(row,)), width=width).splitlines()
    shown, caret = lines[1], lines[2]
    assert max(len(shown), len(caret)) <= width
    if column <= 300:
        assert shown[caret.index("^")] == source[column - 1]


@pytest.mark.parametrize(
    ("hints", "present"),
    [(Hints.none, []), (Hints.where, ["where:"]), (Hints.why, ["where:", "why:"])],
)
def test_hints_give_away_as_much_as_they_are_asked(hints: Hints, present: list[str]) -> None:
    text = printed(FEEDBACK, hints)
    assert [part for part in ("where:", "why:", "solution:") if part in text] == present
    assert r"\frac{\sum_n \gamma_{nk} x_n}{\sum_n" not in text


def test_the_solution_is_given_when_it_is_asked() -> None:
    assert "solution:" in printed(FEEDBACK, Hints.solution)


def test_the_counter_example_stands_below_its_row() -> None:
    text = printed(FEEDBACK)
    assert text.index("N stands where N_k should") < text.index("N = 2, K = 2, D = 1") < text.index("left   5/6")
    assert text.index("right  5/8") < text.index("follows from")


@pytest.mark.parametrize("width", [24, 40, 72])
def test_a_narrow_terminal_is_kept_to(width: int) -> None:
    for line in printed(FEEDBACK, Hints.solution, width=width).splitlines():
        assert len(re.sub(r"[\u0300-\u036f]", "", line)) <= max(width, 28)


def test_colours_are_used_where_there_are_some_and_only_there() -> None:
    assert "\x1b[" in printed(FEEDBACK, colours=True)
    assert "\x1b" not in printed(FEEDBACK)


def test_a_hostile_text_reaches_no_terminal() -> None:
    for document in (None, NASTY_DOCUMENT):
        text = printed(NASTY, Hints.solution, document, colours=False)
        assert "\x1b" not in text
        assert "\x00" not in text
        assert "\u202e" not in text
        text.encode()


def test_an_end_that_is_well_and_one_without_rows() -> None:
    assert "nothing wrong" in printed(CLEAN)
    assert "first wrong" not in printed(CLEAN)
    assert "no row of mathematics" in printed(EMPTY)
    assert "nothing wrong" not in printed(EMPTY)


def test_rows_of_a_notebook_name_their_cell() -> None:
    row = replace(FEEDBACK.rows[4], cell=3)
    text = printed(replace(FEEDBACK, rows=(row,)))
    assert "3:23  ✗" in text
    assert "cell 3, line 23" in text
