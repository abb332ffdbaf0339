"""Gradescope's results.json: a score, a text, and a test for each thing that earns points.

Format: Gradescope's documentation of autograders, "Output format".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from derive.checking.feedback.clean import shortened

_MOST = 20_000  # characters of a text


@dataclass(frozen=True)
class Earned:
    """A thing that earns points. score: between 0 and most. passed: whether all of it was earned."""

    name: str
    score: float
    most: float
    passed: bool
    output: str = ""


def results(earned: Sequence[Earned], output: str, seconds: float | None = None) -> dict[str, Any]:
    """The content of results.json. output: lines on the whole. seconds: what the check took, if it was measured."""
    content: dict[str, Any] = {
        "score": total(earned),
        "output": _lines(output),
        "output_format": "text",
        "visibility": "visible",
        "tests": [
            {
                "name": shortened(test.name, 200),
                "score": round(test.score, 2),
                "max_score": test.most,
                "status": "passed" if test.passed else "failed",
                "output": _lines(test.output),
                "output_format": "text",
            }
            for test in earned
        ],
    }
    if seconds is not None:
        content["execution_time"] = round(seconds)
    return content


def total(earned: Sequence[Earned]) -> float:
    """The sum of the scores as they are shown."""
    return round(sum(round(test.score, 2) for test in earned), 2)


def _lines(text: str) -> str:
    return "\n".join(shortened(line, 500) for line in text[:_MOST].splitlines())
