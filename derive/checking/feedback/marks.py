"""The mark of a row, and the words for verdicts and results."""

from derive.checking.derivations.outcome import Verdict

MARKS = {
    Verdict.RIGHT: "✓",
    Verdict.EQUATION: "⇔",
    Verdict.NOTICE: "!",
    Verdict.FOLLOWS: "↳",
    Verdict.WRONG: "✗",
    Verdict.UNCHECKED: "?",
}
WORDS = {
    Verdict.RIGHT: "right",
    Verdict.EQUATION: "right as an equation",
    Verdict.NOTICE: "right, with a remark",
    Verdict.FOLLOWS: "follows from a row that is wrong",
    Verdict.WRONG: "wrong",
    Verdict.UNCHECKED: "not checked",
}
RESULTS = {"right": "✓", "wrong": "✗", "absent": "–"}


def percent(share: float) -> str:
    """A share, never shown as all where something is left: 99 % of 299 rows out of 300."""
    return f"{int(share * 100 + 1e-9)}\u00a0%"
