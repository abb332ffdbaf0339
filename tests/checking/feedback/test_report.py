"""Feedback as JSON."""

import json
from dataclasses import replace

import pytest

from derive.checking.derivations.outcome import Verdict
from derive.checking.feedback.hints import Hints
from derive.checking.feedback.report import as_json
from tests.checking.feedback.samples import CLEAN, EMPTY, FEEDBACK, NASTY

ROW_KEYS = {"line", "latex", "verdict", "relation", "says", "mistake", "counterexample"}


def test_the_keys_are_those_that_scripts_rely_on() -> None:
    content = json.loads(json.dumps(as_json(FEEDBACK)))
    assert {"file", "model", "coverage", "rows", "first_wrong", "results"} <= set(content)
    assert all(set(row) >= ROW_KEYS for row in content["rows"])
    assert content["first_wrong"] == 23
    assert content["results"] == {"means": "wrong", "covariances": "absent", "weights": "right"}
    assert content["coverage"] == pytest.approx(6 / 7)
    assert [row["verdict"] for row in content["rows"]] == [
        "notice", "notice", "right", "right-as-equation", "wrong", "follows", "unchecked",
    ]  # fmt: skip
    assert {row["verdict"] for row in content["rows"]} == set(map(str, Verdict))


def test_a_wrong_row_has_its_mistake_and_its_counter_example() -> None:
    wrong = as_json(FEEDBACK)["rows"][4]
    assert wrong["mistake"] == "n-for-n-k"
    assert wrong["counterexample"]["sizes"] == {"N": 2, "K": 2, "D": 1}
    assert (wrong["counterexample"]["left"], wrong["counterexample"]["right"]) == ("5/6", "5/8")
    assert as_json(FEEDBACK)["rows"][2]["mistake"] is None


@pytest.mark.parametrize(
    ("hints", "keys"),
    [
        (Hints.none, None),
        (Hints.where, {"where"}),
        (Hints.why, {"where", "why"}),
        (Hints.solution, {"where", "why", "solution"}),
    ],
)
def test_hints_by_level(hints: Hints, keys: set[str] | None) -> None:
    hint = as_json(FEEDBACK, hints)["rows"][4].get("hint")
    assert (set(hint) if hint is not None else None) == keys


def test_remarks_and_columns_stand_where_there_are_some() -> None:
    content = as_json(FEEDBACK)
    assert content["remarks"] == [{"name": "unsaid", "says": "N_k > 0 is assumed and not said"}]
    assert content["rows"][0]["remarks"][0]["name"] == "q-as-likelihood"
    assert content["rows"][6]["column"] == 19
    assert "remarks" not in as_json(CLEAN)


def test_nothing_wrong_and_nothing_there() -> None:
    assert as_json(CLEAN)["first_wrong"] is None
    assert as_json(EMPTY) == {
        "file": "nobody.md", "model": "gaussian-full", "coverage": 0.0, "rows": [], "first_wrong": None, "results": {},
    }  # fmt: skip


def test_a_notebook_has_cells_beside_lines() -> None:
    row = replace(FEEDBACK.rows[4], cell=3)
    content = as_json(replace(FEEDBACK, rows=(row,)))
    assert list(content["rows"][0])[:2] == ["line", "cell"]
    assert (content["rows"][0]["cell"], content["first_wrong_cell"]) == (3, 3)


def test_hostile_text_is_plain_data() -> None:
    assert json.loads(json.dumps(as_json(NASTY, Hints.solution)))["rows"][1]["mistake"] == NASTY.rows[1].mistake
