"""Feedback as plain data, for JSON."""

from typing import Any

from derive.checking.derivations.outcome import CounterExample, Feedback, Remark, Row
from derive.checking.feedback.hints import Hints, told


def as_json(feedback: Feedback, hints: Hints = Hints.why) -> dict[str, Any]:
    """What is said of a derivation, as data that JSON can hold.

    coverage: checked rows over mathematical rows, between 0 and 1. first_wrong: the 1-based line, or None. hints: how
    much each row's "hint" tells. For a notebook, "cell" stands beside "line" and "first_wrong_cell" beside
    "first_wrong".
    """
    first = feedback.first_wrong
    content: dict[str, Any] = {
        "file": feedback.file,
        "model": feedback.model,
        "coverage": feedback.coverage,
        "rows": [_row(row, hints) for row in feedback.rows],
        "first_wrong": first.line if first else None,
        "results": dict(feedback.results),
    }
    if first is not None and first.cell is not None:
        content["first_wrong_cell"] = first.cell
    if feedback.remarks:
        content["remarks"] = list(map(_remark, feedback.remarks))
    return content


def _row(row: Row, hints: Hints) -> dict[str, Any]:
    content: dict[str, Any] = {"line": row.line}
    if row.cell is not None:
        content["cell"] = row.cell
    content |= {
        "latex": row.latex,
        "verdict": row.verdict.value,
        "relation": row.relation,
        "says": row.says,
        "mistake": row.mistake or None,
        "counterexample": _counterexample(row.counterexample) if row.counterexample else None,
    }
    if row.column is not None:
        content["column"] = row.column
    if row.remarks:
        content["remarks"] = list(map(_remark, row.remarks))
    if hint := {part.value: text for part, text in told(row.hint, hints)}:
        content["hint"] = hint
    return content


def _remark(remark: Remark) -> dict[str, str]:
    return {"name": remark.name, "says": remark.says}


def _counterexample(example: CounterExample) -> dict[str, Any]:
    content: dict[str, Any] = {
        "sizes": dict(example.sizes),
        "values": dict(example.values),
        "left": example.left,
        "right": example.right,
    }
    if example.entry:
        content["entry"] = example.entry
    return content
