"""Points, and Gradescope's results.json."""

import json
from dataclasses import replace

import pytest

from derive.checking.derivations.outcome import Verdict
from derive.checking.feedback.gradescope import results, total
from derive.checking.feedback.hints import Hints
from derive.checking.feedback.scores import Points, derivation_scores, summary
from tests.checking.feedback.samples import CLEAN, EMPTY, FEEDBACK, NASTY


def test_each_result_and_the_rows_earn_their_points() -> None:
    points = Points(result=2, rows=12, results={"weights": 3})
    earned = list(derivation_scores(FEEDBACK, points))
    assert [(e.name, e.score, e.most, e.passed) for e in earned] == [
        ("Result: means", 0, 2, False),
        ("Result: covariances", 0, 2, False),
        ("Result: weights", 3, 3, True),
        ("Rows", pytest.approx(10), 12, False),  # five of the six rows that were checked
    ]
    assert total(earned) == 13


def test_a_result_that_is_asked_and_not_there_earns_nothing() -> None:
    earned = list(derivation_scores(CLEAN, asked=("means", "weights")))
    assert [(e.name, e.score) for e in earned] == [("Result: means", 1), ("Result: weights", 0), ("Rows", 1)]
    assert earned[1].output == "absent"


def test_nothing_that_could_be_read_earns_nothing() -> None:
    unread = replace(FEEDBACK, rows=FEEDBACK.rows[-1:], results=())
    for feedback in (EMPTY, unread):
        (rows,) = derivation_scores(feedback, Points(rows=5))
        assert (rows.score, rows.passed) == (0, False)


def test_the_file_is_what_gradescope_reads() -> None:
    earned = list(derivation_scores(FEEDBACK, Points(rows=1)))
    content = json.loads(json.dumps(results(earned, summary(FEEDBACK), 1.6)))
    assert content["score"] == total(earned) == pytest.approx(1.83)
    assert content["execution_time"] == 2
    assert content["output_format"] == "text"
    assert "first wrong row: line 23" in content["output"]
    for test in content["tests"]:
        assert set(test) == {"name", "score", "max_score", "status", "output", "output_format"}
        assert test["status"] in {"passed", "failed"}
        assert 0 <= test["score"] <= test["max_score"]
    assert content["score"] == pytest.approx(sum(test["score"] for test in content["tests"]))


def test_the_text_says_what_the_hints_allow() -> None:
    said = {level: list(derivation_scores(FEEDBACK, hints=level))[-1].output for level in Hints}
    assert all("N stands where N_k should" not in said[level] for level in (Hints.none, Hints.where))
    assert all("N stands where N_k should" in said[level] for level in (Hints.why, Hints.solution))
    assert "why:" not in said[Hints.where]
    assert "solution:" in said[Hints.solution]
    assert "solution:" not in said[Hints.why]


def test_a_row_that_follows_is_right_and_one_that_is_unread_counts_neither_way() -> None:
    rows = tuple(row for row in FEEDBACK.rows if row.verdict in {Verdict.FOLLOWS, Verdict.UNCHECKED})
    assert list(derivation_scores(replace(FEEDBACK, rows=rows)))[-1].score == 1


def test_hostile_text_is_encoded() -> None:
    content = results(list(derivation_scores(NASTY, hints=Hints.solution)), summary(NASTY))
    json.dumps(content, ensure_ascii=False).encode()
    assert "\x1b" not in json.dumps(content, ensure_ascii=False)
