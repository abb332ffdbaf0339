"""What is said of code."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from derive.checking.derivations.outcome import Remark
from derive.checking.feedback.code import show_code
from derive.checking.feedback.code_page import code_page
from derive.checking.feedback.gradescope import total
from derive.checking.feedback.hints import Hints
from derive.checking.feedback.scores import Points, code_scores
from derive.checking.implementations.outcome import CodeFeedback, FunctionResult, FunctionVerdict
from tests.checking.feedback.samples import HOSTILE

RIGHT = FunctionResult("e_step", "expectation", FunctionVerdict.RIGHT, (("responsibilities", "right"),), line=12)
WRONG = FunctionResult(
    "m_step",
    "m_step",
    FunctionVerdict.WRONG,
    (("means", "right"), ("covariances", "wrong"), ("weights", "notice")),
    "old-mean",
    "the covariances are computed around the previous means",
    line=30,
)
FAILED = FunctionResult("em_step", "em_step", FunctionVerdict.FAILED, says="raises ValueError: a (em.py, line 44)")
NOTED = replace(WRONG, verdict=FunctionVerdict.NOTICE, remarks=(Remark("ridge", "a ridge of 1e-6"),), says="")
FEEDBACK = CodeFeedback("em.py", "gaussian-full", "bubblewrap 0.8", (RIGHT, WRONG, FAILED), printed="hello\n<script>")
BROKEN = CodeFeedback("em.py", "gaussian-full", "bubblewrap 0.8", (), "cannot be imported: SyntaxError")
NASTY = CodeFeedback(
    HOSTILE,
    HOSTILE,
    HOSTILE,
    (FunctionResult(HOSTILE, HOSTILE, FunctionVerdict.WRONG, ((HOSTILE, HOSTILE),), HOSTILE, HOSTILE),),
    HOSTILE,
    HOSTILE,
    (Remark(HOSTILE, HOSTILE),),
)


def printed(feedback: CodeFeedback, hints: Hints = Hints.why, width: int = 90) -> str:
    out = io.StringIO()
    show_code(Console(file=out, width=width, color_system=None), feedback, hints)
    return out.getvalue()


def test_a_terminal_shows_functions_parameters_and_isolation() -> None:
    text = printed(FEEDBACK)
    assert "✓  e_step (expectation), line 12: right" in text
    assert "✗  m_step, line 30: wrong" in text
    assert "✓ means right  ✗ covariances wrong  ! weights notice" in text
    assert "raises ValueError" in text
    assert "isolation  bubblewrap 0.8" in text
    assert text.rstrip().endswith("wrong")


@pytest.mark.parametrize("hints", list(Hints))
def test_a_mistake_is_named_as_hints_allow_and_a_failure_always(hints: Hints) -> None:
    for text in (printed(FEEDBACK, hints), code_page(FEEDBACK, hints)):
        assert ("around the previous means" in text) == (hints in {Hints.why, Hints.solution})
        assert "raises ValueError" in text


def test_a_page_shows_the_same() -> None:
    page = code_page(FEEDBACK)
    assert "1 of 3 functions right." in page
    assert "Isolation: bubblewrap 0.8" in page
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "a ridge of 1e-6" in code_page(replace(FEEDBACK, functions=(NOTED,)))
    assert "cannot be imported: SyntaxError" in code_page(BROKEN)


def test_hostile_text_is_harmless() -> None:
    page = code_page(NASTY, Hints.solution)
    page.encode()
    assert "<script" not in page
    assert "<img" not in page
    text = printed(NASTY)
    assert "\x1b" not in text
    text.encode()


def test_functions_earn_points_and_parameters_a_share() -> None:
    points = Points(function=6, functions={"e_step": 2})
    earned = {one.name: (one.score, one.most, one.passed) for one in code_scores(FEEDBACK, points)}
    assert earned == {
        "Function: e_step": (2, 2, True), "Function: m_step": (4, 6, False), "Function: em_step": (0, 6, False),
    }  # fmt: skip
    assert total(list(code_scores(replace(FEEDBACK, functions=(NOTED,)), points))) == 6


def test_a_function_that_is_asked_and_not_there_earns_nothing() -> None:
    (e_step, other) = code_scores(FEEDBACK, asked=("e_step", "log_likelihood"))
    assert (e_step.score, other.score, other.output) == (1, 0, "not handed in")
    (broken,) = code_scores(BROKEN, asked=("e_step",))
    assert "SyntaxError" in broken.output


def test_wrong_code_never_earns_all() -> None:
    odd = replace(WRONG, parameters=(("means", "right"),))
    assert total(list(code_scores(replace(FEEDBACK, functions=(odd,))))) == 0
