"""A few mutants of each right derivation; the whole score is a command, kept in docs/coursework/score.md."""

from pathlib import Path

import pytest

from tests.checking.mutants.score import FILES, Outcome, judged, report


@pytest.mark.parametrize("path", FILES[:6], ids=[path.name for path in FILES[:6]])
def test_mutants_are_found_where_they_are(path: Path) -> None:
    feedback, outcomes = judged(path, 4)
    assert feedback.first_wrong is None
    assert outcomes
    missed = [(o.mistake, o.line, o.written) for o in outcomes if not o.found]
    assert missed == []


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_many_mutants(path: Path) -> None:
    _, outcomes = judged(path, 12)
    assert sum(o.found for o in outcomes) >= 0.9 * len(outcomes)
    assert sum(o.same for o in outcomes) >= 0.5 * len(outcomes)


def test_the_score_counts_what_was_missed() -> None:
    found = Outcome("a.md", "sign", 1, "x", found=True, exact=True, named="sign", same=True)
    missed = Outcome("a.md", "sign", 1, "x", found=False, exact=False, named="", same=False)
    text = report([found, missed], 0)
    assert "| mutants | 2 |" in text
    assert "| found | 1 (50.0%) |" in text
